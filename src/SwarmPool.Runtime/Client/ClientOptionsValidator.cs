using Microsoft.Extensions.Options;
using SwarmPool.Identity;

namespace SwarmPool.Runtime.Client;

/// <summary>Checks the client's options, all at once; the ranges by their attributes, the rest in <see cref="ClientOptionsValidator"/>.</summary>
[OptionsValidator]
internal sealed partial class ClientOptionsRangeValidator : IValidateOptions<ClientOptions>;

/// <summary>Names.</summary>
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

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
