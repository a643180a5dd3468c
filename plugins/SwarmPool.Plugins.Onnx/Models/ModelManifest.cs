using System.Security.Cryptography;
using System.Text;
using SwarmPool.Inference;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Runners;

namespace SwarmPool.Plugins.Onnx.Models;

/// <summary>A model.json that was read and found good.</summary>
internal sealed record ModelManifest
{
    public required string Name { get; init; }

    /// <summary>The .onnx file's full path.</summary>
    public required string File { get; init; }

    /// <summary>The .onnx file's hash, lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The files beside it that it keeps weights in, by name.</summary>
    public required IReadOnlyList<ExternalFile> External { get; init; }

    /// <summary>The files beside it that its steps read, by name.</summary>
    public required IReadOnlyList<ExternalFile> Files { get; init; }

    /// <summary>
    /// The hash of all of the model, which proofs name: the file's own, or, where it has others beside it, that of the list of their hashes.
    /// </summary>
    public string Identity => External.Count + Files.Count == 0
        ? Sha256
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Sha256}\n{string.Concat(Beside.Select(static file => $"{file.Sha256}  {file.Name}\n"))}")));

    public required string Precision { get; init; }

    public required IReadOnlyList<string> JobTypes { get; init; }

    public required ModelTensors Tensors { get; init; }

    public required IPreprocessor Preprocessor { get; init; }

    public required IModelRunner Runner { get; init; }

    public required IPostprocessor Postprocessor { get; init; }

    private IEnumerable<ExternalFile> Beside => External.Concat(Files).OrderBy(static file => file.Name, StringComparer.Ordinal);

    public ModelDescription Describe() => new(Name, Identity, JobTypes);
}

/// <summary>A model's inputs and outputs.</summary>
internal sealed record ModelTensors(IReadOnlyList<TensorSpec> Inputs, IReadOnlyList<TensorSpec> Outputs);
