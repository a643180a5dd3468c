using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Plugins.ChatClient.Tokens;

namespace SwarmPool.Plugins.ChatClient.Models;

/// <summary>Turns a model.json into an <see cref="UpstreamModel"/>, or into everything that is wrong with it.</summary>
internal static class UpstreamManifest
{
    private const string TextJobs = "text-generation";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 6, AllowDuplicateProperties = false };

    // What a job's model and job_type may hold (docs/protocol.md); a name that no job can ask for would never be found.
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:");

    private static readonly SearchValues<char> JobTypeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_./");

    /// <summary>The model; null when problems were added.</summary>
    public static UpstreamModel? Parse(byte[] json, string folder, List<string> problems)
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

            return Read(new ManifestObject(document.RootElement, "$", problems), folder, Convert.ToHexStringLower(SHA256.HashData(json)), problems);
        }
    }

    private static UpstreamModel? Read(ManifestObject reader, string folder, string sha256, List<string> problems)
    {
        var name = reader.Text("name", most: 128);
        if (name.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            reader.Problem("name", "write only a-z, A-Z, 0-9 and - _ . / :, as a job's model may hold");
        }

        var jobTypes = reader.Texts("job_types", most: 32);
        if (jobTypes.Any(static type => type.Length is 0 or > 64 || type.AsSpan().ContainsAnyExcept(JobTypeCharacters)))
        {
            reader.Problem("job_types", "write 1 to 64 characters of a-z, 0-9 and - _ . /");
        }

        if (jobTypes.Contains(TextJobs))
        {
            reader.Problem("job_types", $"{TextJobs} is for models whose tokens the miner chooses (docs/sampling.md), which no server lets it; write another kind, such as chat");
        }

        var task = reader.Choice("task", "chat", "embeddings") == "embeddings" ? UpstreamTask.Embeddings : UpstreamTask.Chat;
        var endpoint = reader.Object("endpoint") is { } at ? EndpointReader.Read(at, folder) : null;
        var limits = ReadLimits(reader.Object("limits", optional: true), task);
        var tokens = reader.Object("tokenizer", optional: true) is { } files ? TokenizerReader.Read(files, folder) : null;
        _ = reader.Text("license", otherwise: "none given");
        _ = reader.Text("notes", most: 4096, otherwise: "none given");
        reader.End();
        return problems.Count > 0 || endpoint is null
            ? null
            : new UpstreamModel
            {
                Name = name,
                Task = task,
                JobTypes = jobTypes,
                Endpoint = endpoint,
                Limits = limits,
                Tokens = tokens,
                ManifestSha256 = sha256,
            };
    }

    private static UpstreamLimits ReadLimits(ManifestObject? reader, UpstreamTask task)
    {
        const int Tokens = 1024, Bytes = 1024 * 1024, Inputs = 64, Request = 300, Idle = 60;
        if (reader is null)
        {
            return new UpstreamLimits(Tokens, Bytes, Inputs, TimeSpan.FromSeconds(Request), TimeSpan.FromSeconds(Idle));
        }

        // What the other task alone has is no key of this one's.
        var limits = new UpstreamLimits(
            task == UpstreamTask.Chat ? reader.Integer("max_output_tokens", 1, 1 << 20, Tokens) : Tokens,
            reader.Integer("max_output_bytes", 1, 64 * 1024 * 1024, Bytes),
            task == UpstreamTask.Embeddings ? reader.Integer("max_inputs", 1, 2048, Inputs) : Inputs,
            TimeSpan.FromSeconds(reader.Integer("request_seconds", 1, 86_400, Request)),
            TimeSpan.FromSeconds(reader.Integer("idle_seconds", 1, 3600, Idle)));
        reader.End();
        return limits;
    }
}
