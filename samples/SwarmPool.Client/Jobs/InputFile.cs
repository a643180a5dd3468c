using SwarmPool.Protocol.Errors;

namespace SwarmPool.Programs.Client.Jobs;

/// <summary>Reads a job's input file.</summary>
internal static class InputFile
{
    private const int MaxBytes = 1_073_741_824;

    /// <summary>Its bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">Is told what is wrong, with its code: SP1002, SP3018 or SP3019.</param>
    public static ReadOnlyMemory<byte> Read(string path, Action<string, string> problem)
    {
        try
        {
            switch (new FileInfo(path).Length)
            {
                case 0:
                    problem(ErrorCodes.InputEmpty, $"names {path}, which is empty; an input has 1 to {MaxBytes} bytes");
                    return default;
                case > MaxBytes and var length:
                    problem(ErrorCodes.InputTooLarge, $"names {path}, which has {length} bytes; an input has 1 to {MaxBytes}");
                    return default;
                default:
                    return File.ReadAllBytes(path);
            }
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            problem(ErrorCodes.ConfigurationMissing, $"names {path}, which can't be read: {missing.Message}");
            return default;
        }
    }
}
