using System.Security.Cryptography;
using SwarmPool.Files;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Weights;

/// <summary>A model's files: its .onnx file, and those beside it that the model keeps weights in.</summary>
internal static class ModelFiles
{
    /// <summary>The model, self-contained; each of its files is the one that model.json has the hash of.</summary>
    /// <exception cref="InvalidDataException">One isn't, or the model doesn't fit them; the message says what to do.</exception>
    /// <exception cref="IOException">One can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read one.</exception>
    public static byte[] Load(ModelManifest manifest)
    {
        // What is loaded is what was hashed: no file can be exchanged in between.
        var model = Read(manifest.File, manifest.Sha256);
        var weights = manifest.External.ToDictionary(static file => file.Name, file => Read(Beside(Path.GetDirectoryName(manifest.File)!, file.Name), file.Sha256), StringComparer.Ordinal);
        return SelfContainedModel.Make(model, tensor => weights.TryGetValue(tensor.File, out var bytes)
            ? Part(bytes, tensor)
            : throw new InvalidDataException($"tensor \"{tensor.Tensor}\" is in {tensor.File}, which model.json doesn't list"));
    }

    /// <summary>The second model that a runner needs, which is one of its files; it has all its weights in it.</summary>
    /// <exception cref="InvalidDataException">It isn't what model.json has the hash of, or keeps weights elsewhere.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static byte[] LoadSecond(ModelManifest manifest, string name)
    {
        var file = manifest.Files.First(file => file.Name == name);
        return SelfContainedModel.Make(
            Read(Beside(Path.GetDirectoryName(manifest.File)!, name), file.Sha256), static tensor => throw new InvalidDataException(KeepsElsewhere(tensor)));
    }

    /// <summary>All that is wrong with a model's files; each begins with the file's name.</summary>
    public static async Task<IReadOnlyList<string>> ProblemsAsync(ModelManifest manifest, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var (folder, name) = (Path.GetDirectoryName(manifest.File)!, Path.GetFileName(manifest.File));
        if (await CheckAsync(name, manifest.File, "$.file", "$.sha256", manifest.Sha256, problems, cancellationToken) is null)
        {
            return problems;
        }

        var lengths = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < manifest.External.Count; i++)
        {
            var file = manifest.External[i];
            if (!TryBeside(folder, file.Name, out var path, problems))
            {
                continue;
            }

            var key = FormattableString.Invariant($"$.external[{i}]");
            if (await CheckAsync(file.Name, path, $"{key}.file", $"{key}.sha256", file.Sha256, problems, cancellationToken) is { } length)
            {
                lengths.Add(file.Name, length);
            }
        }

        for (var i = 0; i < manifest.Files.Count; i++)
        {
            var file = manifest.Files[i];
            var key = FormattableString.Invariant($"$.files[{i}]");
            if (!TryBeside(folder, file.Name, out var path, problems)
                || await CheckAsync(file.Name, path, $"{key}.file", $"{key}.sha256", file.Sha256, problems, cancellationToken) is not { } length)
            {
                continue;
            }

            if (file.Name == manifest.Runner.Second)
            {
                CheckSecond(path, file, problems);
            }
            else if (length > StepFile.MaxBytes)
            {
                problems.Add($"{file.Name}: has more than {StepFile.MaxBytes} bytes; steps read at most that");
            }
        }

        try
        {
            CheckUses(manifest, SelfContainedModel.Externals(Read(manifest.File, manifest.Sha256)), lengths, problems);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            problems.Add($"{name}: {wrong.Message}");
        }

        return problems;
    }

    private static void CheckSecond(string path, ExternalFile file, List<string> problems)
    {
        try
        {
            problems.AddRange(SelfContainedModel.Externals(Read(path, file.Sha256)).Take(1).Select(tensor => $"{file.Name}: {KeepsElsewhere(tensor)}"));
        }
        catch (Exception wrong) when (wrong is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            problems.Add($"{file.Name}: {wrong.Message}");
        }
    }

    private static string KeepsElsewhere(ExternalTensor tensor) => $"keeps tensor \"{tensor.Tensor}\" in {tensor.File}; save a decoder with its weights in it";

    private static void CheckUses(ModelManifest manifest, IReadOnlyList<ExternalTensor> tensors, Dictionary<string, long> lengths, List<string> problems)
    {
        var name = Path.GetFileName(manifest.File);
        var total = new FileInfo(manifest.File).Length;
        foreach (var tensor in tensors)
        {
            if (lengths.TryGetValue(tensor.File, out var length) && (tensor.Offset > length || tensor.Length > length - tensor.Offset))
            {
                problems.Add($"{tensor.File}: has {length} bytes, but {name} looks for tensor \"{tensor.Tensor}\" further on; fetch the right file");
            }

            total = Math.Min(total + (tensor.Length ?? 0), long.MaxValue / 2);
        }

        var listed = manifest.External.Select(static file => file.Name).ToHashSet(StringComparer.Ordinal);
        var used = tensors.Select(static tensor => tensor.File).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        problems.AddRange(used.Where(file => !listed.Contains(file)).Select(file => Unlisted(manifest, file)));
        problems.AddRange(listed.Except(used, StringComparer.Ordinal).Select(file => $"{file}: {name} keeps nothing in it; take it out of $.external"));
        if (total > int.MaxValue)
        {
            problems.Add($"{name}: has {total} bytes with the weights that it keeps in other files; at most {int.MaxValue} can be loaded");
        }
    }

    private static string Unlisted(ModelManifest manifest, string file)
    {
        var name = Path.GetFileName(manifest.File);
        return !ExternalFile.IsName(file)
            ? $"{name}: keeps weights in \"{file}\", which isn't the bare name of a file in this folder; save it again with its weights beside it, or in it"
            : $"{name}: keeps weights in {file}, which model.json doesn't list; add {{ \"file\": \"{file}\", \"sha256\": \"…\" }} to $.external, with that file's SHA-256";
    }

    // The length; null when something is wrong.
    private static async Task<long?> CheckAsync(string name, string path, string fileKey, string hashKey, string sha256, List<string> problems, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = RegularFile.OpenRead(path, followsLinks: true);
            var actual = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
            if (actual == sha256)
            {
                return file.Length;
            }

            problems.Add($"{name}: its SHA-256 is {actual}, but model.json says {sha256}; fetch the right file, or correct {hashKey} if this one is meant");
        }
        catch (FileNotFoundException)
        {
            problems.Add($"{name}: is missing; put it here, or correct {fileKey} in model.json");
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{name}: {wrong.Message}");
        }

        return null;
    }

    private static byte[] Read(string path, string sha256, int? maxBytes = null)
    {
        var bytes = RegularFile.ReadAllBytes(path, maxBytes ?? Array.MaxLength, followsLinks: true);
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == sha256
            ? bytes
            : throw new InvalidDataException($"{path} has changed since it was checked");
    }

    /// <summary>A file of the model's folder that a step reads; its bytes have the hash that model.json says.</summary>
    /// <exception cref="InvalidDataException">They don't, it is elsewhere, or too large.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static byte[] ReadBeside(string folder, ExternalFile file, int maxBytes) => Read(Beside(folder, file.Name), file.Sha256, maxBytes);

    private static string Beside(string folder, string name)
    {
        var problems = new List<string>();
        return TryBeside(folder, name, out var path, problems) ? path : throw new InvalidDataException(problems[0]);
    }

    // The file itself, links followed: what it is may not depend on a link that somebody can point elsewhere.
    private static bool TryBeside(string folder, string name, out string path, List<string> problems)
    {
        path = Path.Combine(folder, name);
        try
        {
            path = RealPath.Of(path);
            if (RealPath.IsIn(path, folder))
            {
                return true;
            }

            problems.Add($"{name}: is a link to {path}, out of this folder; put the file itself here");
        }
        catch (IOException circle)
        {
            problems.Add($"{name}: {circle.Message}");
        }

        return false;
    }

    private static ReadOnlyMemory<byte> Part(byte[] file, ExternalTensor tensor) =>
        tensor.Offset <= file.Length && (tensor.Length ?? 0) <= file.Length - tensor.Offset
            ? file.AsMemory((int)tensor.Offset, (int)(tensor.Length ?? (file.Length - tensor.Offset)))
            : throw new InvalidDataException($"{tensor.File} ends before tensor \"{tensor.Tensor}\"");
}
