using System.Text;

namespace SwarmPool.Plugins.Onnx.Weights;

/// <summary>What versions of the format a model says that it is written in.</summary>
/// <remarks>Field numbers are onnx.proto's: ModelProto ir_version 1, opset_import 8 (domain 1, version 2).</remarks>
internal static class ModelVersions
{
    private const int MostOpsets = 16;

    /// <summary>E.g. "IR version 8, opset ai.onnx 13".</summary>
    public static string Describe(ReadOnlyMemory<byte> model)
    {
        var version = 0UL;
        var opsets = new List<string>();
        try
        {
            for (var fields = new WireReader(model); fields.Next(out var field);)
            {
                if (field is { Number: 1, IsBytes: false })
                {
                    version = field.Value;
                }
                else if (field is { Number: 8, IsBytes: true } && opsets.Count < MostOpsets)
                {
                    opsets.Add(Opset(field.Content));
                }
            }
        }
        catch (InvalidDataException)
        {
            return "no ONNX file";
        }

        return FormattableString.Invariant($"IR version {version}, opset {(opsets.Count > 0 ? string.Join(" and ", opsets) : "none")}");
    }

    private static string Opset(ReadOnlyMemory<byte> entry)
    {
        var (domain, version) = ("", 0UL);
        for (var fields = new WireReader(entry); fields.Next(out var field);)
        {
            (domain, version) = (field.Number, field.IsBytes) switch
            {
                (1, true) => (Printable(field.Content.Span), version),
                (2, false) => (domain, field.Value),
                _ => (domain, version),
            };
        }

        return FormattableString.Invariant($"{(domain.Length > 0 ? domain : "ai.onnx")} {version}");
    }

    private static string Printable(ReadOnlySpan<byte> name) => string.Concat(Encoding.ASCII.GetString(name[..Math.Min(name.Length, 64)]).Where(static c => c is >= ' ' and <= '~'));
}
