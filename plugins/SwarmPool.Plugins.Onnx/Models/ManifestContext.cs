using SwarmPool.ModelSteps;

namespace SwarmPool.Plugins.Onnx.Models;

/// <summary>What the parts of one manifest know of each other: the model's tensors, and the files that steps may read.</summary>
internal sealed class ManifestContext(string folder)
{
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    /// <summary>Without a folder: for what has no files.</summary>
    public static ManifestContext None => new("");

    public ModelTensors Tensors { get; set; } = new([], []);

    public IReadOnlyList<ExternalFile> Files { get; set; } = [];

    /// <summary>Those that no step has asked for.</summary>
    public IEnumerable<string> Unused => Files.Select(static file => file.Name).Except(used, StringComparer.Ordinal);

    public IStepFile? Find(string name)
    {
        used.Add(name);
        return Files.FirstOrDefault(file => file.Name == name) is { } found ? new StepFile(folder, found) : null;
    }
}
