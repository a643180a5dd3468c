using System.Buffers;

namespace SwarmPool.Protocol.Packs;

/// <summary>The paths that a pack's files may have: below one folder, and the same on every system.</summary>
internal static class PackPath
{
    /// <summary>The longest path.</summary>
    public const int MaxLength = 200;

    /// <summary>The deepest.</summary>
    public const int MaxNames = 8;

    private const int MaxName = 100;

    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+=@-");

    /// <summary>Null, or what is wrong with a path.</summary>
    public static string? Problem(string path)
    {
        if (path.Length is 0 or > MaxLength)
        {
            return $"a path has 1 to {MaxLength} characters";
        }

        if (path[0] is '/' or '\\' || (path.Length > 1 && path[1] == ':'))
        {
            return "an absolute path leads out of the folder";
        }

        var names = path.Split('/');
        if (names.Contains("..", StringComparer.Ordinal))
        {
            return "'..' leads out of the folder";
        }

        return names.Length > MaxNames
            ? $"a path has at most {MaxNames} names"
            : names.Select(NameProblem).FirstOrDefault(static problem => problem is not null);
    }

    private static string? NameProblem(string name)
    {
        if (name.Length is 0 or > MaxName || name.AsSpan().ContainsAnyExcept(Letters))
        {
            return $"a name has 1 to {MaxName} characters of a-z, A-Z, 0-9 and . _ + = @ -";
        }

        if (name[0] is '.' or '-' || name[^1] == '.')
        {
            return "a name doesn't begin with '.' or '-', nor end with '.'";
        }

        return IsDevice(name) ? "a name of a device is no file's on Windows" : null;
    }

    private static bool IsDevice(string name)
    {
        var stem = name.Split('.')[0].ToUpperInvariant();
        return stem is "CON" or "PRN" or "AUX" or "NUL"
            || (stem.Length == 4 && stem[3] is >= '1' and <= '9' && (stem.StartsWith("COM", StringComparison.Ordinal) || stem.StartsWith("LPT", StringComparison.Ordinal)));
    }
}
