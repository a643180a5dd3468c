using Microsoft.Extensions.Options;

namespace SwarmPool.Plugins.ChatClient;

/// <summary>Finds every problem of the options at once.</summary>
internal sealed class ChatClientOptionsCheck : IValidateOptions<ChatClientOptions>
{
    public ValidateOptionsResult Validate(string? name, ChatClientOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        problems.CheckPath("models", options.Models);
        problems.CheckRange("max_parallel", options.MaxParallel, 1, 1024);
        problems.CheckRange("max_input_bytes", options.MaxInputBytes, 1, 64 * 1024 * 1024);
        return problems.Build();
    }
}
