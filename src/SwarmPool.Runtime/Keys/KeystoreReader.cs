using System.Text.Json;

namespace SwarmPool.Runtime.Keys;

/// <summary>Reads the members of a keystore and says by path which one is missing or wrong.</summary>
internal readonly struct KeystoreReader(JsonElement element, string path)
{
    private readonly JsonElement element = element;
    private readonly string path = path;

    public bool Has(string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out _);

    public KeystoreReader Object(string name) => new(Member(name, JsonValueKind.Object, "an object"), $"{path}.{name}");

    public string Text(string name) => Member(name, JsonValueKind.String, "a string").GetString()!;

    public long Integer(string name) =>
        Member(name, JsonValueKind.Number, "an integer").TryGetInt64(out var value) ? value : throw new FormatException($"{path}.{name} is not an integer");

    /// <summary>A whole number within bounds, so that a hostile file can't eat the machine.</summary>
    public int Integer(string name, int least, int most) => Integer(name) is var value && value >= least && value <= most
        ? (int)value
        : throw new FormatException($"{path}.{name} is {Integer(name)}; {least} to {most} is read");

    public byte[] Hex(string name, int length) =>
        Hex(name) is var bytes && bytes.Length == length ? bytes : throw new FormatException($"{path}.{name} has not {length} bytes");

    public byte[] Hex(string name)
    {
        var text = Text(name);
        var bytes = new byte[text.Length / 2];
        return Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done ? bytes : throw new FormatException($"{path}.{name} is not hex");
    }

    private JsonElement Member(string name, JsonValueKind kind, string what) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == kind
            ? value
            : throw new FormatException($"{path}.{name} is missing or not {what}");
}
