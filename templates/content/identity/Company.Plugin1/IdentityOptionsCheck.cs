using Microsoft.Extensions.Options;

namespace Company.Plugin1;

/// <summary>Finds every bad option at once, when the host starts.</summary>
internal sealed class IdentityOptionsCheck : IValidateOptions<IdentityOptions>
{
    public ValidateOptionsResult Validate(string? name, IdentityOptions options)
    {
        var problems = new List<string>();
        if (options.File.Length == 0)
        {
            problems.Add("file is empty; write the file of names, e.g. \"names.txt\".");
        }

        if (options.ValidSeconds is < 1 or > 3_600)
        {
            problems.Add($"valid_seconds is {options.ValidSeconds}; write a number from 1 to 3600.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
