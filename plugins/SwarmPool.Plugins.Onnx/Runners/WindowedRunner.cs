using Microsoft.ML.OnnxRuntime;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Runners;

/// <summary>An output that is the same model's input at the next window.</summary>
internal sealed record StateLink(TensorSpec Input, string Output);

/// <summary>
/// "windowed": walks over a long input in windows, each with the end of the one before as context, and feeds the model's
/// state back. The last window is filled up with zeros. The outputs of all windows are joined.
/// </summary>
internal sealed class WindowedRunner(
    TensorSpec input,
    TensorSpec output,
    int window,
    int context,
    IReadOnlyList<StateLink> states,
    IReadOnlyDictionary<string, ModelTensor> constants) : IModelRunner
{
    private readonly string[] outputNames = [output.Name, .. states.Select(state => state.Output)];

    public IReadOnlyList<string> Feeds { get; } = [.. states.Select(state => state.Input.Name), .. constants.Keys];

    public IReadOnlyDictionary<string, ModelTensor> Run(InferenceSession session, IReadOnlyDictionary<string, ModelTensor> inputs, OrtRun run)
    {
        var samples = inputs[input.Name].ToFloats();
        var buffer = new float[context + window];
        var memory = states.Select(state => (state.Input.Name, Memory: OrtTensors.Filled(state.Input, 0))).ToList();
        using var fed = new InputValues(
        [
            new(input.Name, new ModelTensor(input.SmallestShape, buffer)),
            .. memory.Select(state => new KeyValuePair<string, ModelTensor>(state.Name, state.Memory)),
            .. constants,
        ]);

        var windows = ((samples.Length - 1) / window) + 1;
        var joined = new List<float>(windows);
        var told = -1;
        for (var i = 0; i < windows; i++)
        {
            run.CancellationToken.ThrowIfCancellationRequested();
            Advance(buffer, samples, i * window);
            using var outputs = session.Run(run.Options, fed.Names, fed.Values, outputNames);
            var part = outputs[0].GetTensorDataAsSpan<float>();
            if ((joined.Count + (long)part.Length) * sizeof(float) > run.MaxBytes)
            {
                throw OnnxFault.Refuse(OnnxFault.OutputTooLarge, $"The model's outputs have more than {run.MaxBytes} bytes (max_tensor_bytes). Send a smaller input, or allow more.");
            }

            joined.AddRange(part);
            for (var s = 0; s < memory.Count; s++)
            {
                outputs[s + 1].GetTensorDataAsSpan<float>().CopyTo((float[])memory[s].Memory.Data);
            }

            var percent = (int)(100L * (i + 1) / windows);
            if (percent != told)
            {
                run.Progress?.Report(told = percent);
            }
        }

        return new Dictionary<string, ModelTensor>(StringComparer.Ordinal) { [output.Name] = new([joined.Count], joined.ToArray()) };
    }

    private void Advance(float[] buffer, float[] samples, int at)
    {
        buffer.AsSpan(window).CopyTo(buffer); // The end of the window before becomes this one's context.
        var here = samples.AsSpan(at, Math.Min(window, samples.Length - at));
        here.CopyTo(buffer.AsSpan(context));
        buffer.AsSpan(context + here.Length).Clear();
    }
}
