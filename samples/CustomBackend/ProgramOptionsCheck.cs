using Microsoft.Extensions.Options;

namespace CustomBackend;

/// <summary>Finds every bad option at once, when the host starts. Whether the files are there is looked at when they are described.</summary>
internal sealed class ProgramOptionsCheck : IValidateOptions<ProgramOptions>
{
    private const int GiB = 1024 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, ProgramOptions options)
    {
        var problems = new List<string>();
        Range("max_parallel", options.MaxParallel, 256);
        if (options.Models.Count == 0)
        {
            problems.Add("""programs: models is empty; write e.g. "models": { "upper": { "executable": "/usr/bin/tr", "arguments": ["a-z", "A-Z"], "job_types": ["text"] } }.""");
        }

        foreach (var (model, program) in options.Models)
        {
            if (program.Executable.Length == 0)
            {
                problems.Add($"programs: models:{model}:executable is empty; write the program's file.");
            }

            if (program.JobTypes.Count == 0)
            {
                problems.Add($"programs: models:{model}:job_types is empty; write the kinds of job that it does, e.g. [\"text\"].");
            }

            Range($"models:{model}:time_limit_seconds", program.TimeLimitSeconds, 86_400);
            Range($"models:{model}:max_input_bytes", program.MaxInputBytes, GiB);
            Range($"models:{model}:max_output_bytes", program.MaxOutputBytes, GiB);
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Range(string key, int value, int most)
        {
            if (value < 1 || value > most)
            {
                problems.Add($"programs: {key} is {value}; write a number from 1 to {most}.");
            }
        }
    }
}
