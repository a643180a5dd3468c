using Microsoft.Extensions.Options;
using SwarmPool.Plugins;

namespace Company.Plugin1;

/// <summary>Finds every problem of the options at once, when the host starts.</summary>
internal sealed class VerifierOptionsCheck : IValidateOptions<VerifierOptions>
{
    public ValidateOptionsResult Validate(string? name, VerifierOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckRange("max_depth", options.MaxDepth, 1, 64);
        return problems.Build();
    }
}
