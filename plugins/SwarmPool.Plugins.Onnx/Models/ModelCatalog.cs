using System.Security.Cryptography;
using SwarmPool.Files;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Onnx.Models;

/// <summary>The models of a folder of model folders.</summary>
internal sealed class ModelCatalog
{
    private const string ManifestName = "model.json";
    private const int MaxManifestBytes = 1024 * 1024;

    private readonly SortedDictionary<string, ModelManifest> models = new(StringComparer.Ordinal);

    private ModelCatalog(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>In the order of their names.</summary>
    public IReadOnlyCollection<ModelManifest> Models => models.Values;

    /// <exception cref="InferenceException">The model is not there.</exception>
    public ModelManifest Find(string name) => models.TryGetValue(name, out var model)
        ? model
        : throw new InferenceException($"There is no model \"{name}\" in {Folder}; there are: {string.Join(", ", models.Keys)}.");

    /// <summary>Reads and checks every model folder, the hash of every model file too.</summary>
    /// <exception cref="InferenceException">Something is wrong with at least one; the message says all of it.</exception>
    public static async Task<ModelCatalog> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            throw new InferenceException($"The models folder {folder} does not exist. Create it with one folder per model, each with its model.json, or set models to the folder that has them.");
        }

        var catalog = new ModelCatalog(folder);
        var problems = new List<string>();
        foreach (var modelFolder in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            var found = new List<string>();
            await catalog.AddAsync(modelFolder, found, cancellationToken);
            problems.AddRange(found.Select(problem => $"{Path.GetFileName(modelFolder)}/{problem}"));
        }

        if (catalog.models.Count == 0 && problems.Count == 0)
        {
            problems.Add("there is no model folder; put one folder per model here, each with its model.json");
        }

        return problems.Count == 0
            ? catalog
            : throw new InferenceException($"Models in {folder} can't be used:{Environment.NewLine}- {string.Join($"{Environment.NewLine}- ", problems)}");
    }

    private async Task AddAsync(string folder, List<string> problems, CancellationToken cancellationToken)
    {
        var manifestFile = new FileInfo(Path.Combine(folder, ManifestName));
        if (!manifestFile.Exists || manifestFile.Length > MaxManifestBytes)
        {
            problems.Add($"{ManifestName}: " + (manifestFile.Exists
                ? $"is {manifestFile.Length} bytes; at most {MaxManifestBytes} are read"
                : "is missing; write one as the plugin's README shows, or move the folder elsewhere"));
            return;
        }

        var wrong = new List<string>();
        var manifest = ManifestParser.Parse(RegularFile.ReadAllBytes(manifestFile.FullName, MaxManifestBytes, followsLinks: true), folder, wrong);
        problems.AddRange(wrong.Select(problem => $"{ManifestName}: {problem}"));
        if (manifest is null)
        {
            return;
        }

        if (await WhatIsWrongWithFileAsync(manifest, cancellationToken) is { } problem)
        {
            problems.Add(problem);
        }
        else if (!models.TryAdd(manifest.Name, manifest))
        {
            problems.Add($"{ManifestName}: $.name: \"{manifest.Name}\" is the name of {models[manifest.Name].File} too; give each model its own");
        }
    }

    private static async Task<string?> WhatIsWrongWithFileAsync(ModelManifest manifest, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(manifest.File);
        if (!File.Exists(manifest.File))
        {
            return $"{name}: is missing; put the model file here, or correct $.file in {ManifestName}";
        }

        await using var file = RegularFile.OpenRead(manifest.File, followsLinks: true);
        var actual = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        return actual == manifest.Sha256
            ? null
            : $"{name}: its SHA-256 is {actual}, but {ManifestName} says {manifest.Sha256}; fetch the right file, or correct $.sha256 if this one is meant";
    }
}
