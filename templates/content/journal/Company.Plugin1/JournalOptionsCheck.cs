using Microsoft.Extensions.Options;
using SwarmPool.Plugins;

namespace Company.Plugin1;

/// <summary>Finds every problem of the options at once, when the host starts.</summary>
internal sealed class JournalOptionsCheck : IValidateOptions<JournalOptions>
{
    public ValidateOptionsResult Validate(string? name, JournalOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckPath("folder", options.Folder);
        return problems.Build();
    }
}
