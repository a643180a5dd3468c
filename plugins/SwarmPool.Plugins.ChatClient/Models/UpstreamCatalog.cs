using SwarmPool.Files;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.ChatClient.Models;

/// <summary>The models of a folder: one folder each, with its model.json. Immutable once read.</summary>
internal sealed class UpstreamCatalog
{
    private const string ManifestName = "model.json";
    private const int MaxManifestBytes = 64 * 1024;

    private readonly SortedDictionary<string, UpstreamModel> models = new(StringComparer.Ordinal);
    private readonly string folder;

    private UpstreamCatalog(string folder) => this.folder = folder;

    public IReadOnlyCollection<UpstreamModel> Models => models.Values;

    /// <exception cref="InferenceException">There is no such model.</exception>
    public UpstreamModel Find(string name) => models.TryGetValue(name, out var model)
        ? model
        : throw new InferenceException($"There is no model \"{name}\" in {folder}; there are: {string.Join(", ", models.Keys)}.");

    /// <summary>Reads and checks every model folder.</summary>
    /// <exception cref="InferenceException">Something is wrong with at least one; the message says all of it.</exception>
    public static UpstreamCatalog Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InferenceException($"The models folder {folder} does not exist. Create it with one folder per model, each with its model.json, or set models to the folder that has them.");
        }

        var catalog = new UpstreamCatalog(folder);
        var problems = new List<string>();
        foreach (var modelFolder in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            problems.AddRange(catalog.Add(modelFolder).Select(problem => $"{Path.GetFileName(modelFolder)}/{ManifestName}: {problem}"));
        }

        if (catalog.models.Count == 0 && problems.Count == 0)
        {
            problems.Add("there is no model folder; put one folder per model here, each with its model.json");
        }

        return problems.Count == 0
            ? catalog
            : throw new InferenceException($"Models in {folder} can't be used:{Environment.NewLine}- {string.Join($"{Environment.NewLine}- ", problems)}");
    }

    private List<string> Add(string modelFolder)
    {
        byte[] json;
        try
        {
            json = RegularFile.ReadAllBytes(Path.Combine(modelFolder, ManifestName), MaxManifestBytes, followsLinks: true);
        }
        catch (FileNotFoundException)
        {
            return ["is missing; write one as the plugin's README shows, or move the folder elsewhere"];
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            return [wrong.Message];
        }

        var problems = new List<string>();
        if (UpstreamManifest.Parse(json, modelFolder, problems) is { } model && !models.TryAdd(model.Name, model))
        {
            problems.Add($"$.name: another folder has \"{model.Name}\" too; give each model its own");
        }

        return problems;
    }
}
