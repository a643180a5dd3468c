using Microsoft.Extensions.Options;

namespace Company.Plugin1;

/// <summary>Finds every bad option at once, when the host starts.</summary>
internal sealed class VerifierOptionsCheck : IValidateOptions<VerifierOptions>
{
    public ValidateOptionsResult Validate(string? name, VerifierOptions options)
    {
        var problems = new List<string>();
        if (options.MaxDepth is < 1 or > 64)
        {
            problems.Add($"max_depth is {options.MaxDepth}; write a number from 1 to 64.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
