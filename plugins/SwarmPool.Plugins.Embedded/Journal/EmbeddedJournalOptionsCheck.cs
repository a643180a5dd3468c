using Microsoft.Extensions.Options;

namespace SwarmPool.Plugins.Embedded.Journal;

/// <summary>Checks that a journal file is named.</summary>
internal sealed class EmbeddedJournalOptionsCheck : IValidateOptions<EmbeddedJournalOptions>
{
    public ValidateOptionsResult Validate(string? name, EmbeddedJournalOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckPath("journal", options.Journal);
        return problems.Build();
    }
}
