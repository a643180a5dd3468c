using Microsoft.Extensions.Options;
using SwarmPool.Plugins;

namespace CustomBackend;

/// <summary>Finds every problem of the options at once, when the host starts. Whether the files exist is checked when the models are described.</summary>
internal sealed class ProgramOptionsCheck : IValidateOptions<ProgramOptions>
{
    private const int GiB = 1024 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, ProgramOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckRange("max_parallel", options.MaxParallel, 1, 256);
        problems.Check(
            options.Models.Count > 0,
            """models: there are none; write e.g. "models": { "upper": { "executable": "/usr/bin/tr", "arguments": ["a-z", "A-Z"], "job_types": ["text"] } }""");
        foreach (var (model, program) in options.Models)
        {
            problems.CheckPath($"models:{model}:executable", program.Executable);
            problems.Check(program.JobTypes.Count > 0, $"models:{model}:job_types: there are none; write the kinds of job that it does, e.g. [\"text\"]");
            problems.CheckRange($"models:{model}:time_limit_seconds", program.TimeLimitSeconds, 1, 86_400);
            problems.CheckRange($"models:{model}:max_input_bytes", program.MaxInputBytes, 1, GiB);
            problems.CheckRange($"models:{model}:max_output_bytes", program.MaxOutputBytes, 1, GiB);
        }

        return problems.Build();
    }
}
