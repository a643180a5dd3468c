using System.Text.Json;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Programs.Client.Jobs;

/// <summary>Reads the members of an object in a job file and collects what is wrong with them.</summary>
internal sealed class JobFields(JsonElement element, string path, List<Exception> problems)
{
    /// <summary>Complains of members that are not known.</summary>
    public void Only(IReadOnlyList<string> known)
    {
        foreach (var name in element.EnumerateObject().Select(member => member.Name).Except(known, StringComparer.Ordinal))
        {
            Problem(ErrorCodes.ConfigurationInvalid, name, $"is no known key; known are {string.Join(", ", known.Select(one => path + one))}");
        }
    }

    public string? Text(string name, bool required)
    {
        if (!element.TryGetProperty(name, out var value))
        {
            if (required)
            {
                Problem(ErrorCodes.BadField, name, "is missing");
            }

            return null;
        }

        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString();
        }

        Problem(ErrorCodes.BadField, name, value.ValueKind == JsonValueKind.Number ? $"is a number; write it as text: \"{value.GetRawText()}\"" : "has to be text");
        return null;
    }

    public int? Integer(string name, int least, int most)
    {
        if (!element.TryGetProperty(name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
        {
            return number;
        }

        Problem(ErrorCodes.BadField, name, $"is {value.GetRawText()}; it has to be a whole number from {least} to {most}");
        return null;
    }

    /// <summary>Whether there is such a member.</summary>
    public bool Has(string name) => element.TryGetProperty(name, out _);

    /// <summary>A member as it is written, text without its quotes; null when there is none, or it is neither text nor a number.</summary>
    public string? TextOrNumber(string name)
    {
        if (!element.TryGetProperty(name, out var value))
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
        {
            return value.ToString();
        }

        Problem(ErrorCodes.BadField, name, "has to be text or a number");
        return null;
    }

    public JobFields? Object(string name)
    {
        if (element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object)
        {
            return new JobFields(value, $"{path}{name}.", problems);
        }

        Problem(ErrorCodes.BadField, name, "is missing or no object");
        return null;
    }

    public void Problem(string code, string name, string what) => problems.Add(new SwarmPoolException(code, $"The job's '{path}{name}' {what.TrimEnd('.')}."));
}
