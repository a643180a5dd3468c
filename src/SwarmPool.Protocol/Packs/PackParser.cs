using System.Globalization;
using System.Text.Json;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;

namespace SwarmPool.Protocol.Packs;

/// <summary>Reads the fields of a pack.</summary>
internal static class PackParser
{
    public const int MaxFiles = 4096;
    public const int MaxGoldenVectors = 64;

    private static readonly string[] Stated = ["absolute", "relative", "top", "cosine", "overlap", "text"];

    /// <summary>The largest file, and the most that all files of a pack have together: 1 TiB.</summary>
    public const long MaxFileBytes = 1L << 40;

    /// <summary>The pack; null when problems were noted.</summary>
    public static ModelPack? Read(PackReader reader, PackProblems problems)
    {
        var name = reader.Text("name", static text => Problem(Field.Model("", text)), optional: false);
        var files = Files(reader, problems);
        var paths = files.Select(static file => file.Path).ToHashSet(StringComparer.Ordinal);
        var pack = new ModelPack
        {
            Name = name ?? "",
            Files = files,
            Tokenizer = Member(reader, "tokenizer", paths, optional: true),
            ChatTemplate = Member(reader, "chat_template", paths, optional: true),
            Quantization = reader.Text("quantization", 64),
            NumericClass = NumericClass(reader.Object("numeric_class")),
            Tolerance = Tolerance(reader),
            GoldenVectors = GoldenVectors(reader, paths),
            License = reader.Text("license", SpdxExpression.Problem),
            Prices = Prices(reader.Object("price_hints")),
        };
        reader.End();
        return problems.Count == 0 ? pack : null;
    }

    private static List<PackFile> Files(PackReader reader, PackProblems problems)
    {
        var files = new List<PackFile>();
        var total = 0L;
        foreach (var item in reader.Objects("files", MaxFiles, ErrorCodes.PackTooLarge, optional: false))
        {
            var (path, cid, size, sha256) = (item.Text("path", 4096, optional: false), item.Cid("cid"), item.Integer("size", MaxFileBytes), item.Sha256("sha256", optional: false));
            item.End();
            if (path is not null && PackPath.Problem(path) is { } wrong)
            {
                item.Problem(ErrorCodes.PackPathUnsafe, "path", $"'{Json.JsonPath.Shown(path)}' can't be taken: {wrong}");
                path = null;
            }

            total += size ?? 0; // At most 4,096 times 2^40.
            if (path is not null && cid is not null && size is not null && sha256 is not null)
            {
                files.Add(new PackFile(path, cid.Value, size.Value, sha256));
            }
        }

        if (total > MaxFileBytes)
        {
            reader.Problem(ErrorCodes.PackTooLarge, "files", $"{total} bytes are more than {MaxFileBytes}");
        }

        PackLayout.Check(files, problems);
        return files;
    }

    // A part that is a file of the pack.
    private static string? Member(PackReader reader, string key, HashSet<string> paths, bool optional)
    {
        if (reader.Text(key, PackPath.MaxLength, optional) is not { } path)
        {
            return null;
        }

        if (!paths.Contains(path))
        {
            reader.Problem(key, $"the pack has no file '{path}'");
        }

        return path;
    }

    private static PackClass? NumericClass(PackReader? reader)
    {
        if (reader is null)
        {
            return null;
        }

        var read = new PackClass(reader.Sha256("model_sha256", optional: true), reader.Text("runtime"), reader.Text("device"), reader.Text("precision"));
        reader.End();
        return read;
    }

    private static PackTolerance? Tolerance(PackReader reader)
    {
        const string key = "tolerance";
        if (reader.KindOf(key) != JsonValueKind.Object)
        {
            return reader.Text(key, static text => text == "exact" ? null : "write \"exact\" or an object of numbers") is null ? null : new PackTolerance(null, null);
        }

        var stated = reader.Object(key)!;
        var read = new PackTolerance(stated.Text("absolute", Decimal), stated.Text("relative", Decimal))
        {
            Top = stated.Has("top") ? (int?)stated.Integer("top", 1000) : null,
            Cosine = stated.Text("cosine", static text => Decimal(text) ?? Above(text, 2)),
            Overlap = stated.Text("overlap", static text => Decimal(text) ?? Above(text, 1)),
            Text = stated.Text("text", static text => text is "exact" or "spaces" or "caseless" ? null : "write exact, spaces or caseless"),
        };
        if (read.Top == 0)
        {
            stated.Problem("top", "write a whole number from 1 to 1000");
        }

        if (!Stated.Any(stated.Has))
        {
            reader.Problem(key, $"write at least one of {string.Join(", ", Stated)}, or \"exact\"");
        }

        stated.End();
        return read;
    }

    private static string? Above(string text, decimal most) =>
        decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) > most ? string.Create(CultureInfo.InvariantCulture, $"write at most {most}") : null;

    private static List<GoldenVector> GoldenVectors(PackReader reader, HashSet<string> paths)
    {
        var read = new List<GoldenVector>();
        foreach (var item in reader.Objects("golden_vectors", MaxGoldenVectors, ErrorCodes.PackTooLarge, optional: true))
        {
            var jobType = item.Text("job_type", static text => Problem(Field.JobType("", text)), optional: false);
            var (input, output) = (Member(item, "input", paths, optional: false), Member(item, "output", paths, optional: false));
            item.End();
            read.Add(new GoldenVector(jobType ?? "", input ?? "", output ?? ""));
        }

        return read;
    }

    private static PriceHints? Prices(PackReader? reader)
    {
        if (reader is null)
        {
            return null;
        }

        var read = new PriceHints(
            Price(reader, "per_job"), Price(reader, "per_second"), Price(reader, "per_picture"), Price(reader, "per_million_input_tokens"), Price(reader, "per_million_output_tokens"));
        reader.End();
        return read;
    }

    private static Usdc? Price(PackReader reader, string key) =>
        reader.Text(key, static text => Usdc.TryParse(text, out _) ? null : "write an amount of USDC, like \"0.25\"") is { } text ? Usdc.Parse(text) : null;

    private static string? Decimal(string text) => Field.Decimal("", text) is null ? null : "write a decimal string like \"0.02\", with at most 9 places";

    private static string? Problem(Refusal? refusal) => refusal?.Reason.Trim().TrimEnd('.');
}
