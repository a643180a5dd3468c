using System.Security.Cryptography;
using SwarmPool.Files;
using SwarmPool.Inference;

namespace SwarmPool.Plugins.Llama.Models;

/// <summary>The models of a folder of model folders.</summary>
internal sealed class GgufCatalog
{
    private const string ManifestName = "model.json";
    private const int MaxManifestBytes = 64 * 1024;
    private const int DefaultContext = 4096;

    private readonly SortedDictionary<string, GgufManifest> models = new(StringComparer.Ordinal);

    private GgufCatalog(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>In the order of their names.</summary>
    public IReadOnlyCollection<GgufManifest> Models => models.Values;

    /// <exception cref="InferenceException">The model is not there.</exception>
    public GgufManifest Find(string name) => models.TryGetValue(name, out var model)
        ? model
        : throw new InferenceException($"There is no model \"{name}\" in {Folder}; there are: {string.Join(", ", models.Keys)}.");

    /// <summary>Reads and checks every model folder: manifests, hashes, and that each file is a whole GGUF file.</summary>
    /// <exception cref="InferenceException">Something is wrong with at least one; the message says all of it.</exception>
    public static async Task<GgufCatalog> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            throw new InferenceException($"The models folder {folder} does not exist. Create it with one folder per model, each with its model.json, or set models to the folder that has them.");
        }

        var catalog = new GgufCatalog(folder);
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

    /// <summary>That a model's file is still the one whose hash was taken.</summary>
    /// <exception cref="InferenceException">It isn't, or can't be read.</exception>
    public static async Task CheckUnchangedAsync(GgufManifest manifest, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var stamp = FileStamp.Of(manifest.File);
            if (stamp == manifest.Stamp && !stamp.IsYoung(time.GetUtcNow()))
            {
                return;
            }

            await using var file = RegularFile.OpenRead(manifest.File, followsLinks: true);
            if (await HashAsync(file, cancellationToken) != manifest.Sha256)
            {
                throw new InferenceException($"{manifest.File} has changed since it was checked. Put the right file back, or correct model.json, and start again.");
            }
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new InferenceException($"{manifest.File} can't be read: {wrong.Message}", wrong);
        }
    }

    private async Task AddAsync(string folder, List<string> problems, CancellationToken cancellationToken)
    {
        if (ReadManifest(Path.Combine(folder, ManifestName), problems) is not { } json)
        {
            return;
        }

        var wrong = new List<string>();
        var manifest = GgufManifestParser.Parse(json, folder, wrong);
        problems.AddRange(wrong.Select(problem => $"{ManifestName}: {problem}"));
        if (manifest is null || await CheckFileAsync(manifest, problems, cancellationToken) is not { } complete)
        {
            return;
        }

        if (!models.TryAdd(complete.Name, complete))
        {
            problems.Add($"{ManifestName}: $.name: \"{complete.Name}\" is the name of {models[complete.Name].File} too; give each model its own");
        }
    }

    private static async Task<GgufManifest?> CheckFileAsync(GgufManifest manifest, List<string> problems, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(manifest.File);
        try
        {
            var stamp = FileStamp.Of(manifest.File);
            await using var file = RegularFile.OpenRead(manifest.File, followsLinks: true);
            var sha256 = await HashAsync(file, cancellationToken);
            if (sha256 != manifest.Sha256)
            {
                problems.Add($"{name}: its SHA-256 is {sha256}, but model.json says {manifest.Sha256}; fetch the right file, or correct $.sha256 if this one is meant");
                return null;
            }

            file.Seek(0, SeekOrigin.Begin);
            var header = GgufHeader.Read(file);
            if (header.ContextLength > 0 && manifest.Context > header.ContextLength)
            {
                problems.Add($"{ManifestName}: $.context: {name} was made for {header.ContextLength} tokens; write no more");
                return null;
            }

            var context = header.ContextLength > 0 ? Math.Min(header.ContextLength, DefaultContext) : DefaultContext;
            return manifest with { Context = manifest.Context > 0 ? manifest.Context : context, Stamp = stamp, Bytes = file.Length };
        }
        catch (FileNotFoundException)
        {
            problems.Add($"{name}: is missing; put it here, or correct $.file in model.json");
        }
        catch (InvalidDataException wrong)
        {
            problems.Add($"{name}: {wrong.Message}; fetch it again");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{name}: {wrong.Message}");
        }

        return null;
    }

    private static async Task<string> HashAsync(Stream file, CancellationToken cancellationToken) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));

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
