using System.Globalization;
using System.Text;

namespace SwarmPool.Plugins.Onnx.Weights;

/// <summary>A tensor whose numbers are in another file than the model's.</summary>
/// <param name="Tensor">Its name; empty for one that has none.</param>
/// <param name="File">The other file, as the model names it.</param>
/// <param name="Offset">Where in that file its bytes begin.</param>
/// <param name="Length">How many they are; null when they go on to the end.</param>
internal sealed record ExternalTensor(string Tensor, string File, long Offset, long? Length)
{
    private const int External = 1;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Where a tensor's numbers are; null when they are in the tensor.</summary>
    /// <exception cref="InvalidDataException">It says that they are elsewhere, and not where; or this is no tensor.</exception>
    public static ExternalTensor? Read(ReadOnlyMemory<byte> tensor)
    {
        var name = "";
        var isExternal = false;
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var fields = new WireReader(tensor); fields.Next(out var field);)
        {
            switch (field.Number)
            {
                case 8 when field.IsBytes:
                    name = Text(field.Content);
                    break;
                case 13 when field.IsBytes:
                    Add(entries, field.Content);
                    break;
                case 14 when !field.IsBytes:
                    isExternal |= (int)field.Value == External;
                    break;
            }
        }

        if (!isExternal)
        {
            return null;
        }

        return entries.TryGetValue("location", out var file) && file.Length > 0
            ? new ExternalTensor(name, file, Number(entries, "offset", name) ?? 0, Number(entries, "length", name))
            : throw new InvalidDataException($"tensor \"{name}\" is in another file, and doesn't say in which");
    }

    private static void Add(Dictionary<string, string> entries, ReadOnlyMemory<byte> entry)
    {
        var (key, value) = ("", "");
        for (var fields = new WireReader(entry); fields.Next(out var field);)
        {
            (key, value) = (field.Number, field.IsBytes) switch
            {
                (1, true) => (Text(field.Content), value),
                (2, true) => (key, Text(field.Content)),
                _ => (key, value),
            };
        }

        if (!entries.TryAdd(key, value))
        {
            throw new InvalidDataException($"a tensor says twice what its {key} in another file is");
        }
    }

    private static long? Number(Dictionary<string, string> entries, string key, string tensor) =>
        !entries.TryGetValue(key, out var text) ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new InvalidDataException($"tensor \"{tensor}\" has a {key} in another file that is no number");

    private static string Text(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return Strict.GetString(utf8.Span);
        }
        catch (DecoderFallbackException wrong)
        {
            throw new InvalidDataException("a text in it is not UTF-8", wrong);
        }
    }
}
