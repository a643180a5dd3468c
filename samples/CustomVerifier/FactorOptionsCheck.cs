using Microsoft.Extensions.Options;
using SwarmPool.Plugins;

namespace CustomVerifier;

/// <summary>Finds every problem of the options at once, when the host starts.</summary>
internal sealed class FactorOptionsCheck : IValidateOptions<FactorOptions>
{
    public ValidateOptionsResult Validate(string? name, FactorOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckRange("max_digits", options.MaxDigits, 1, 400);
        return problems.Build();
    }
}
