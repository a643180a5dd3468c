namespace SwarmPool.Runtime.Errors;

/// <summary>Checks a number of the options and names its key, as people write it, when it is out of its range.</summary>
internal static class OptionRange
{
    public static void Check(List<string> problems, string key, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            problems.Add($"{key} must be between {least} and {most}, not {value}");
        }
    }
}
