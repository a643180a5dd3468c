using System.Text.Json;
using SwarmPool.Files;
using SwarmPool.Identity;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Plugins.Embedded.Identity;

/// <summary>Reads the names file: all of it or nothing, and says all that is wrong with it.</summary>
internal static class NamesFile
{
    public const int MaxBytes = 16 * 1024 * 1024;
    public const string Network = "local";

    private const int MaxAccounts = 16;
    private const int ProblemsShown = 5;
    private const int MaxShown = 64;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <exception cref="FormatException">The content is not a names file; the message lists the first problems.</exception>
    public static Dictionary<EnsName, NameEntry> Parse(ReadOnlyMemory<byte> json)
    {
        JsonDocument document;
        try
        {
            document = TextFile.ParseJson(json, Strict);
        }
        catch (JsonException fault)
        {
            throw new FormatException($"it is not JSON without duplicate keys: {fault.Message}", fault);
        }

        using (document)
        {
            var problems = new List<string>();
            var names = Read(document.RootElement, problems);
            return problems.Count == 0 ? names : throw new FormatException(Shown(problems));
        }
    }

    private static Dictionary<EnsName, NameEntry> Read(JsonElement root, List<string> problems)
    {
        var names = new Dictionary<EnsName, NameEntry>();
        if (root.ValueKind != JsonValueKind.Object)
        {
            problems.Add("""it must be an object: { "network": "local", "names": { … } }""");
            return names;
        }

        CheckKeys(root, "", ["network", "names"], problems);
        if (!root.TryGetProperty("network", out var network) || network.ValueKind != JsonValueKind.String || network.GetString() != Network)
        {
            problems.Add("""network must be "local" """.TrimEnd());
        }

        if (!root.TryGetProperty("names", out var entries) || entries.ValueKind != JsonValueKind.Object)
        {
            problems.Add("names must be an object of names");
            return names;
        }

        foreach (var entry in entries.EnumerateObject())
        {
            if (!EnsName.TryParse(entry.Name, out var name, out var reason))
            {
                problems.Add(reason);
            }
            else if (ReadEntry(entry.Name, entry.Value, problems) is { } read)
            {
                names.Add(name, read);
            }
        }

        return names;
    }

    private static NameEntry? ReadEntry(string name, JsonElement value, List<string> problems)
    {
        var before = problems.Count;
        if (value.ValueKind != JsonValueKind.Object)
        {
            problems.Add($$"""{{name}} must be an object: { "accounts": ["0x…"] }""");
            return null;
        }

        CheckKeys(value, name + ".", ["accounts", "payout", "stake", "state", "transport"], problems);
        var accounts = ReadAccounts(name, value, problems);
        EthAddress? payout = accounts.Count > 0 ? accounts[0] : null;
        if (value.TryGetProperty("payout", out var paid))
        {
            payout = ReadAddress($"{name}.payout", paid, problems);
        }

        Usdc? stake = null;
        if (value.TryGetProperty("stake", out var staked))
        {
            if (staked.ValueKind == JsonValueKind.String && Usdc.TryParse(staked.GetString(), out var amount))
            {
                stake = amount;
            }
            else
            {
                problems.Add($"{name}.stake must be a decimal string of USDC with at most 6 places");
            }
        }

        var place = PoolLocation.Read(ReadText(name, value, "state", problems), ReadText(name, value, "transport", problems), problem => problems.Add($"{name}: {problem}"));
        return problems.Count == before ? new NameEntry(accounts, payout!.Value, stake, place) : null;
    }

    private static string? ReadText(string name, JsonElement value, string key, List<string> problems)
    {
        if (!value.TryGetProperty(key, out var text))
        {
            return null;
        }

        if (text.ValueKind != JsonValueKind.String)
        {
            problems.Add($"{name}.{key} must be a string");
            return null;
        }

        return text.GetString();
    }

    private static List<EthAddress> ReadAccounts(string name, JsonElement value, List<string> problems)
    {
        var accounts = new List<EthAddress>();
        if (!value.TryGetProperty("accounts", out var list) || list.ValueKind != JsonValueKind.Array
            || list.GetArrayLength() is 0 or > MaxAccounts)
        {
            problems.Add($"{name}.accounts must be an array of 1 to {MaxAccounts} addresses");
            return accounts;
        }

        foreach (var item in list.EnumerateArray())
        {
            if (ReadAddress($"{name}.accounts", item, problems) is { } account)
            {
                accounts.Add(account);
            }
        }

        return accounts;
    }

    private static EthAddress? ReadAddress(string where, JsonElement value, List<string> problems)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            problems.Add($"{where} must be an address: 0x and 40 hex digits");
            return null;
        }

        var text = value.GetString();
        if (EthAddress.TryParseTyped(text, out var address, out var problem))
        {
            return address;
        }

        problems.Add(text!.Length <= MaxShown && text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0 ? $"{where}: '{text}' {problem}" : $"{where} {problem}");
        return null;
    }

    private static void CheckKeys(JsonElement value, string where, string[] known, List<string> problems)
    {
        foreach (var property in value.EnumerateObject())
        {
            if (!known.Contains(property.Name, StringComparer.Ordinal))
            {
                problems.Add($"{where}{property.Name} is not a known key; known are {string.Join(", ", known)}");
            }
        }
    }

    private static string Shown(List<string> problems)
    {
        var text = string.Join("; ", problems.Take(ProblemsShown));
        return problems.Count > ProblemsShown ? $"{text}; and {problems.Count - ProblemsShown} more" : text;
    }
}
