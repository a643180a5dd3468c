using Microsoft.Extensions.Options;
using SwarmPool.Plugins;

namespace Company.Plugin1;

/// <summary>Finds every problem of the options at once, when the host starts.</summary>
internal sealed class BackendOptionsCheck : IValidateOptions<BackendOptions>
{
    public ValidateOptionsResult Validate(string? name, BackendOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.Check(options.Model.Length is > 0 and <= 128, "model: write a name of 1 to 128 characters");
        problems.CheckRange("max_input_bytes", options.MaxInputBytes, 1, 16 * 1024 * 1024);
        return problems.Build();
    }
}
