using Microsoft.Extensions.Options;

namespace Company.Plugin1;

/// <summary>Finds every bad option at once, when the host starts.</summary>
internal sealed class BackendOptionsCheck : IValidateOptions<BackendOptions>
{
    public ValidateOptionsResult Validate(string? name, BackendOptions options)
    {
        var problems = new List<string>();
        if (options.Model.Length is 0 or > 128)
        {
            problems.Add("model has to be a name of 1 to 128 characters.");
        }

        if (options.MaxInputBytes is < 1 or > 16 * 1024 * 1024)
        {
            problems.Add($"max_input_bytes is {options.MaxInputBytes}; write a number from 1 to {16 * 1024 * 1024}.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
