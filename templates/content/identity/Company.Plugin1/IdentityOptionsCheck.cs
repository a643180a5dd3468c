using Microsoft.Extensions.Options;
using SwarmPool.Plugins;

namespace Company.Plugin1;

/// <summary>Finds every problem of the options at once, when the host starts.</summary>
internal sealed class IdentityOptionsCheck : IValidateOptions<IdentityOptions>
{
    public ValidateOptionsResult Validate(string? name, IdentityOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckPath("file", options.File);
        problems.CheckRange("valid_seconds", options.ValidSeconds, 1, 3600);
        return problems.Build();
    }
}
