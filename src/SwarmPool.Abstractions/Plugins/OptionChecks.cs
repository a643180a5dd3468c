using Microsoft.Extensions.Options;

namespace SwarmPool.Plugins;

/// <summary>What validators of options ask again and again; each problem names the configuration key and says what to write.</summary>
public static class OptionChecks
{
    /// <summary>Reports a number that is out of range.</summary>
    /// <param name="problems">Collects what is wrong.</param>
    /// <param name="key">The option's configuration key.</param>
    /// <param name="value">The option's value.</param>
    /// <param name="least">The least that is allowed.</param>
    /// <param name="most">The most that is allowed, inclusive.</param>
    public static void CheckRange(this ValidateOptionsResultBuilder problems, string key, long value, long least, long most) =>
        problems.Check(value >= least && value <= most, $"{key}: {value} is out of range; it must be {least} to {most}");

    /// <summary>Reports a value that is not one of its enumeration's.</summary>
    /// <typeparam name="TEnum">The enumeration. Its names in lower case are what a configuration says.</typeparam>
    /// <param name="problems">Collects what is wrong.</param>
    /// <param name="key">The option's configuration key.</param>
    /// <param name="value">The option's value.</param>
    public static void CheckDefined<TEnum>(this ValidateOptionsResultBuilder problems, string key, TEnum value)
        where TEnum : struct, Enum =>
        problems.Check(Enum.IsDefined(value), $"{key}: {value} is not valid; it must be one of {string.Join(", ", Enum.GetNames<TEnum>()).ToLowerInvariant()}");

    /// <summary>Reports the path of a file or folder that is missing or can't be one.</summary>
    /// <param name="problems">Collects what is wrong.</param>
    /// <param name="key">The option's configuration key.</param>
    /// <param name="value">The option's value.</param>
    public static void CheckPath(this ValidateOptionsResultBuilder problems, string key, string? value) =>
        problems.Check(!string.IsNullOrWhiteSpace(value) && !value.Contains('\0', StringComparison.Ordinal), $"{key}: a path is missing; name a file or folder");

    /// <summary>Reports a problem unless a condition holds.</summary>
    /// <param name="problems">Collects what is wrong.</param>
    /// <param name="holds">What must be true.</param>
    /// <param name="problem">What is wrong otherwise: the key, what is wrong with it, what to write. It must not hold a secret.</param>
    public static void Check(this ValidateOptionsResultBuilder problems, bool holds, string problem)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (!holds)
        {
            problems.AddError(problem);
        }
    }

    /// <summary>Reports problems that were found elsewhere.</summary>
    /// <param name="problems">Collects what is wrong.</param>
    /// <param name="found">The problems; none when all is well.</param>
    public static void Add(this ValidateOptionsResultBuilder problems, IEnumerable<string> found)
    {
        ArgumentNullException.ThrowIfNull(problems);
        ArgumentNullException.ThrowIfNull(found);
        foreach (var problem in found)
        {
            problems.AddError(problem);
        }
    }
}
