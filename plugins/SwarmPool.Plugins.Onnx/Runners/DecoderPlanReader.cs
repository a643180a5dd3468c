using System.Text.Json;
using SwarmPool.Plugins.Onnx.Models;

namespace SwarmPool.Plugins.Onnx.Runners;

/// <summary>Reads the runner "encoder-decoder" of a manifest.</summary>
internal static class DecoderPlanReader
{
    private const int MostCache = 512;
    private const int MostTokens = 65_536;
    private const int MostIds = 1024;
    private const double LargestId = 10_000_000;

    public static DecoderPlan Read(ManifestReader reader, ModelTensors encoder)
    {
        var file = reader.File("decoder");
        var start = Ids(reader, "start");
        var end = Ids(reader, "end");
        if (start.Count == 0)
        {
            reader.Problem("start", "write the ids of the tokens that an answer begins with, one at least");
        }

        if (end.Count == 0)
        {
            reader.Problem("end", "write the ids of the tokens that end an answer, one at least");
        }

        var never = Ids(reader, "suppress").ToHashSet();
        return new DecoderPlan
        {
            File = file?.Name ?? "",
            Tokens = reader.Text("tokens"),
            Logits = reader.Text("logits"),
            Given = ReadGiven(reader, encoder),
            Cache = ReadCache(reader),
            HasPast = reader.Has("has_past") ? reader.Text("has_past") : null,
            Position = reader.Has("position") ? reader.Text("position") : null,
            Start = start,
            End = end.ToHashSet(),
            Never = never,
            NeverFirst = never.Concat(Ids(reader, "suppress_first")).ToHashSet(),
            MaxTokens = reader.Integer("max_tokens", 1, MostTokens),
        };
    }

    private static Dictionary<string, string> ReadGiven(ManifestReader reader, ModelTensors encoder)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        if (reader.Object("given") is not { } inner)
        {
            return given;
        }

        var there = encoder.Outputs.Concat(encoder.Inputs).Select(static tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, value) in inner.Members())
        {
            if (value.ValueKind == JsonValueKind.String && value.GetString() is { } from && there.Contains(from))
            {
                given.Add(name, from);
            }
            else
            {
                inner.Problem(name, $"write what of the encoder's it is given: {string.Join(", ", there)}");
            }
        }

        return given;
    }

    private static List<CacheLink> ReadCache(ManifestReader reader)
    {
        var links = new List<CacheLink>();
        foreach (var item in reader.Has("cache") ? reader.Objects("cache", MostCache) : [])
        {
            links.Add(new CacheLink(item.Text("input"), item.Text("output"), item.Flag("once", otherwise: false)));
            item.End();
        }

        return links;
    }

    private static List<long> Ids(ManifestReader reader, string key)
    {
        var ids = new List<long>();
        foreach (var number in reader.Numbers(key, 0, LargestId, MostIds))
        {
            ids.Add((long)number);
            if (number != Math.Truncate(number))
            {
                reader.Problem(key, "write whole numbers");
            }
        }

        return ids;
    }
}
