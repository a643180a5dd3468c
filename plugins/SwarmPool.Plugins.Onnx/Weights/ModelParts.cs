namespace SwarmPool.Plugins.Onnx.Weights;

/// <summary>The messages of an ONNX file that a tensor may be in, at any depth.</summary>
internal enum ModelPart
{
    None,
    Model,
    Training,
    Function,
    Graph,
    Node,
    Attribute,
    SparseTensor,
    Tensor,
}

/// <summary>Which field of which message leads on to a tensor.</summary>
/// <remarks>Field numbers are onnx.proto's (ONNX IR version 13).</remarks>
internal static class ModelParts
{
    public static ModelPart Inside(ModelPart part, uint field) => (part, field) switch
    {
        (ModelPart.Model, 7) => ModelPart.Graph,
        (ModelPart.Model, 20) => ModelPart.Training,
        (ModelPart.Model, 25) => ModelPart.Function,
        (ModelPart.Training, 1 or 2) => ModelPart.Graph,
        (ModelPart.Function, 7) => ModelPart.Node,
        (ModelPart.Function, 11) => ModelPart.Attribute,
        (ModelPart.Graph, 1) => ModelPart.Node,
        (ModelPart.Graph, 5) => ModelPart.Tensor,
        (ModelPart.Graph, 15) => ModelPart.SparseTensor,
        (ModelPart.Node, 5) => ModelPart.Attribute,
        (ModelPart.Attribute, 5 or 10) => ModelPart.Tensor,
        (ModelPart.Attribute, 6 or 11) => ModelPart.Graph,
        (ModelPart.Attribute, 22 or 23) => ModelPart.SparseTensor,
        (ModelPart.SparseTensor, 1 or 2) => ModelPart.Tensor,
        _ => ModelPart.None,
    };
}
