using Microsoft.Extensions.Options;

namespace SwarmPool.Plugins.Embedded.Identity;

/// <summary>Checks that a names file is named.</summary>
internal sealed class EmbeddedIdentityOptionsCheck : IValidateOptions<EmbeddedIdentityOptions>
{
    public ValidateOptionsResult Validate(string? name, EmbeddedIdentityOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckPath("names", options.Names);
        return problems.Build();
    }
}
