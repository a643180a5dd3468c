using Microsoft.Extensions.Options;
using SwarmPool.Plugins;

namespace Company.Plugin1;

/// <summary>Finds every problem of the options at once, when the host starts.</summary>
internal sealed class TransportOptionsCheck : IValidateOptions<TransportOptions>
{
    public ValidateOptionsResult Validate(string? name, TransportOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.Check(options.Network.Length > 0, "network: a name is missing");
        return problems.Build();
    }
}
