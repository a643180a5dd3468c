using System.Text.Json;
using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Models;

/// <summary>What steps read, those of other plugins too.</summary>
internal sealed partial class ManifestReader : IStepParameters
{
    public IReadOnlyList<TensorSpec> Inputs => context.Tensors.Inputs;

    public IReadOnlyList<TensorSpec> Outputs => context.Tensors.Outputs;

    public IReadOnlyList<double> Numbers(string key, double least, double most, int entries)
    {
        var numbers = new List<double>();
        foreach (var (name, item) in Has(key) ? Items(key, entries) : [])
        {
            if (item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out var number) && number >= least && number <= most)
            {
                numbers.Add(number);
            }
            else
            {
                Problem(name, FormattableString.Invariant($"write a number from {least} to {most}"));
            }
        }

        return numbers;
    }

    IStepParameters? IStepParameters.Object(string key, bool optional) => Object(key, optional);

    public IStepFile? File(string key, bool optional = false)
    {
        if (optional && !Has(key))
        {
            return null;
        }

        var name = Text(key);
        var file = name.Length > 0 ? context.Find(name) : null;
        if (name.Length > 0 && file is null)
        {
            Problem(key, $"{name} is not among $.files; add {{ \"file\": \"{name}\", \"sha256\": \"…\" }} there, with that file's SHA-256");
        }

        return file;
    }

    public TensorSpec? Input(string key, bool optional = false, params ReadOnlySpan<TensorType> types) => Named(key, optional, "input", Inputs, types);

    public TensorSpec? Output(string key, bool optional = false, params ReadOnlySpan<TensorType> types) => Named(key, optional, "output", Outputs, types);

    private TensorSpec? Named(string key, bool optional, string what, IReadOnlyList<TensorSpec> tensors, ReadOnlySpan<TensorType> types)
    {
        if (optional && !Has(key))
        {
            return null;
        }

        var name = Text(key);
        var found = tensors.FirstOrDefault(tensor => tensor.Name == name);
        if (name.Length == 0 || (found is not null && (types.IsEmpty || types.Contains(found.Type))))
        {
            return found;
        }

        var article = what == "input" ? "an input" : "an output";
        Problem(key, found is null
            ? $"\"{name}\" is not among the model's {what}s"
            : $"\"{name}\" is {found}; {Wanted(types, what, article)} is needed");
        return null;
    }

    private static string Wanted(ReadOnlySpan<TensorType> types, string what, string article)
    {
        var names = new List<string>();
        foreach (var type in types)
        {
            names.Add(TensorSpec.TypeName(type));
        }

        return names.Count == 1 ? $"a {names[0]} {what}" : $"{article} of {string.Join(", ", names)}";
    }
}
