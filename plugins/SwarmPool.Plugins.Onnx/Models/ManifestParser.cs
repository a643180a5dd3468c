using System.Buffers;
using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.ModelSteps;
using SwarmPool.Plugins.Onnx.Runners;
using SwarmPool.Plugins.Onnx.Steps;

namespace SwarmPool.Plugins.Onnx.Models;

/// <summary>Turns a model.json into a <see cref="ModelManifest"/>, or into everything that is wrong with it.</summary>
internal static class ManifestParser
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    // What a job's model and job_type may hold (docs/protocol.md); a name that no job can ask for would never be found.
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:");

    private static readonly SearchValues<char> JobTypeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_./");

    /// <summary>The manifest; null when problems were added.</summary>
    /// <param name="json">The file's bytes.</param>
    /// <param name="folder">The model's folder.</param>
    /// <param name="kinds">The steps that there are.</param>
    /// <param name="problems">What is wrong.</param>
    public static ModelManifest? Parse(ReadOnlyMemory<byte> json, string folder, StepKinds kinds, List<string> problems)
    {
        JsonDocument document;
        try
        {
            document = TextFile.ParseJson(json, Strict);
        }
        catch (JsonException wrong)
        {
            problems.Add($"$: is not JSON: {wrong.Message}");
            return null;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                problems.Add("$: write an object");
                return null;
            }

            var context = new ManifestContext(folder);
            return Read(new ManifestReader(document.RootElement, "$", problems, context), context, folder, kinds, problems);
        }
    }

    private static ModelManifest? Read(ManifestReader reader, ManifestContext context, string folder, StepKinds kinds, List<string> problems)
    {
        var tensors = new ModelTensors(ReadTensors(reader, "inputs"), ReadTensors(reader, "outputs"));
        var file = ReadFile(reader);
        var external = ReadFiles(reader, "external", [file], 1024);
        var files = ReadFiles(reader, "files", [file, .. external.Select(static one => one.Name)], 64);
        (context.Tensors, context.Files) = (tensors, files);
        var preprocessor = reader.Object("preprocess") is { } before ? kinds.ReadPreprocessor(before) : null;
        var runner = reader.Object("runner") is { } run ? ModelRunners.Read(run, tensors) : null;
        context.Tensors = runner?.Gives is { } gives ? tensors with { Outputs = gives } : tensors;
        var postprocessor = reader.Object("postprocess") is { } after ? kinds.ReadPostprocessor(after) : null;
        foreach (var unused in preprocessor is null || postprocessor is null ? [] : context.Unused)
        {
            reader.Problem("files", $"no step reads {unused}; take it out, or name it in preprocess or postprocess");
        }

        if (preprocessor is not null && runner is not null)
        {
            CheckEveryInputIsFed(reader, tensors, preprocessor, runner);
        }

        var name = ReadName(reader);
        var sha256 = ReadSha256(reader);
        var precision = reader.Text("precision", most: 32, otherwise: "fp32");
        var jobTypes = ReadJobTypes(reader);
        _ = reader.Text("license", otherwise: "none given");
        _ = reader.Text("notes", most: 4096, otherwise: "none given");
        reader.End();
        return problems.Count > 0 || preprocessor is null || runner is null || postprocessor is null
            ? null
            : new ModelManifest
            {
                Name = name,
                File = Path.Combine(folder, file),
                Sha256 = sha256,
                External = external,
                Files = files,
                Precision = precision,
                JobTypes = jobTypes,
                Tensors = tensors,
                Preprocessor = preprocessor,
                Runner = runner,
                Postprocessor = postprocessor,
            };
    }

    private static List<TensorSpec> ReadTensors(ManifestReader reader, string key)
    {
        var tensors = new List<TensorSpec>();
        foreach (var item in reader.Objects(key, most: 64))
        {
            var name = item.Text("name");
            var type = item.Choice("type", null, [.. TensorSpec.TypesByName.Keys]);
            tensors.Add(new TensorSpec(name, TensorSpec.TypesByName.GetValueOrDefault(type), ReadShape(item)));
            item.End();
        }

        if (tensors.DistinctBy(tensor => tensor.Name, StringComparer.Ordinal).Count() != tensors.Count)
        {
            reader.Problem(key, "write each name once");
        }

        return tensors;
    }

    private static List<int> ReadShape(ManifestReader reader)
    {
        var shape = new List<int>();
        long count = 1;
        foreach (var (name, value) in reader.Items("shape", most: 8, least: 0))
        {
            if (value.ValueKind == JsonValueKind.String)
            {
                shape.Add(-1);
            }
            else if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var size) && size is >= 1 and <= 1 << 28)
            {
                shape.Add(size);
                count = Math.Min(count * size, 1L << 29);
            }
            else
            {
                reader.Problem(name, "write a whole number from 1 to 268435456, or a text such as \"n\" for an open dimension");
            }
        }

        if (!reader.Has("shape"))
        {
            reader.Problem("shape", "is missing; write a list, empty for a single number");
        }

        if (count > 1 << 28)
        {
            reader.Problem("shape", "a tensor has at most 268435456 numbers");
            shape.Clear(); // Nobody is to allocate it while the other problems are looked for.
        }

        return shape;
    }

    private static void CheckEveryInputIsFed(ManifestReader reader, ModelTensors tensors, IPreprocessor preprocessor, IModelRunner runner)
    {
        var feeds = preprocessor.Feeds.Concat(runner.Feeds).ToList();
        foreach (var input in tensors.Inputs)
        {
            var count = feeds.Count(name => name == input.Name);
            if (count != 1)
            {
                reader.Problem("inputs", count == 0
                    ? $"nothing feeds input \"{input.Name}\"; name it in preprocess, runner.state or runner.constants"
                    : $"input \"{input.Name}\" is fed {count} times; name it once in preprocess, runner.state and runner.constants together");
            }
        }
    }

    private static string ReadName(ManifestReader reader)
    {
        var name = reader.Text("name", most: 128);
        if (name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            reader.Problem("name", "write only a-z, A-Z, 0-9 and - _ . / :, as a job's model may hold");
        }

        return name;
    }

    private static string ReadFile(ManifestReader reader)
    {
        var file = reader.Text("file");
        if (file.Length > 0 && !ExternalFile.IsName(file))
        {
            reader.Problem("file", "write the bare name of a file in this folder");
        }

        return file;
    }

    // No name may stand for two files.
    private static List<ExternalFile> ReadFiles(ManifestReader reader, string key, IReadOnlyList<string> others, int most)
    {
        var files = new List<ExternalFile>();
        foreach (var item in reader.Has(key) ? reader.Objects(key, most) : [])
        {
            files.Add(new ExternalFile(ReadFile(item), ReadSha256(item)));
            item.End();
        }

        var names = files.Select(static file => file.Name).Concat(others).Where(static name => name.Length > 0).ToList();
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Count)
        {
            reader.Problem(key, others.Count == 1 ? "name each file once, and not the model's own" : "name each file once, and none that holds the model's weights");
        }

        return [.. files.OrderBy(static file => file.Name, StringComparer.Ordinal)];
    }

    private static string ReadSha256(ManifestReader reader)
    {
        var sha256 = reader.Text("sha256", most: 64);
        if (sha256.Length > 0 && (sha256.Length != 64 || sha256.AsSpan().ContainsAnyExcept("0123456789abcdef")))
        {
            reader.Problem("sha256", "write 64 lower-case hex digits");
        }

        return sha256;
    }

    private static IReadOnlyList<string> ReadJobTypes(ManifestReader reader)
    {
        var jobTypes = reader.Texts("job_types", most: 32);
        if (jobTypes.Any(type => type.Length > 64 || type.AsSpan().ContainsAnyExcept(JobTypeCharacters)))
        {
            reader.Problem("job_types", "write at most 64 characters of a-z, 0-9 and - _ . /");
        }

        return jobTypes;
    }
}
