using SwarmPool.Files;
using SwarmPool.Inference;
using SwarmPool.Plugins.Onnx.Steps;
using SwarmPool.Plugins.Onnx.Weights;

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

    /// <summary>Reads and checks every model folder, the hashes of all their files too.</summary>
    /// <exception cref="InferenceException">Something is wrong with at least one; the message says all of it.</exception>
    public static async Task<ModelCatalog> ReadAsync(string folder, StepKinds kinds, CancellationToken cancellationToken)
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
            await catalog.AddAsync(modelFolder, kinds, found, cancellationToken);
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

    private async Task AddAsync(string folder, StepKinds kinds, List<string> problems, CancellationToken cancellationToken)
    {
        if (ReadManifest(Path.Combine(folder, ManifestName), problems) is not { } json)
        {
            return;
        }

        var wrong = new List<string>();
        var manifest = ManifestParser.Parse(json, folder, kinds, wrong);
        problems.AddRange(wrong.Select(problem => $"{ManifestName}: {problem}"));
        if (manifest is null)
        {
            return;
        }

        var found = await ModelFiles.ProblemsAsync(manifest, cancellationToken);
        problems.AddRange(found);
        if (found.Count == 0 && !models.TryAdd(manifest.Name, manifest))
        {
            problems.Add($"{ManifestName}: $.name: \"{manifest.Name}\" is the name of {models[manifest.Name].File} too; give each model its own");
        }
    }

    private static byte[]? ReadManifest(string path, List<string> problems)
    {
        try
        {
            return RegularFile.ReadAllBytes(path, MaxManifestBytes, followsLinks: true);
        }
        catch (FileNotFoundException)
        {
            problems.Add($"{ManifestName}: is missing; write one as the plugin's README shows, or move the folder elsewhere");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{ManifestName}: {wrong.Message}");
        }

        return null;
    }
}
