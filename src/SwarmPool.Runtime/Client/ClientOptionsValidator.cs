using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Runtime.Client;

/// <summary>Checks the client's options, all at once.</summary>
internal sealed class ClientOptionsValidator : IValidateOptions<ClientOptions>
{
    public ValidateOptionsResult Validate(string? name, ClientOptions options)
    {
        var problems = new List<string>();
        if (!EnsName.TryParse(options.ClientEns, out _, out var reason))
        {
            problems.Add($"client_ens: {reason}; set it to this client's own name, like clinic.clientswarm.eth");
        }

        if (!EnsName.TryParse(options.PoolEns, out _, out reason))
        {
            problems.Add($"pool_ens: {reason}");
        }

        OptionRange.Check(problems, "max_output_bytes", options.MaxOutputBytes, 1, 1_073_741_824);
        OptionRange.Check(problems, "repeat_seconds", options.RepeatSeconds, 1, 300);
        OptionRange.Check(problems, "patience_seconds", options.PatienceSeconds, 0, 3600);
        OptionRange.Check(problems, "max_jobs_under_way", options.MaxJobsUnderWay, 1, 1_000_000);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
