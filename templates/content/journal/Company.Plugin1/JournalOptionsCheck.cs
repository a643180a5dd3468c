using Microsoft.Extensions.Options;

namespace Company.Plugin1;

/// <summary>Finds every bad option at once, when the host starts.</summary>
internal sealed class JournalOptionsCheck : IValidateOptions<JournalOptions>
{
    public ValidateOptionsResult Validate(string? name, JournalOptions options)
    {
        var problems = new List<string>();
        if (options.Folder.Length == 0)
        {
            problems.Add("folder is empty; write the journal's folder, e.g. \"journal\".");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
