using Microsoft.Extensions.Configuration;

namespace SwarmPool.Plugins.ChatClient;

/// <summary>How the chat client backend passes jobs on. Checked at start; the message names each bad key and its range.</summary>
public sealed class ChatClientOptions
{
    /// <summary>
    /// The folder that holds one folder per model, each with its model.json. Relative paths start at the configuration
    /// file's folder. The default is "models".
    /// </summary>
    [ConfigurationKeyName("models")]
    public string Models { get; set; } = "models";

    /// <summary>Runs at the same time, of all models together, 1 to 1024; more wait. The default is 8.</summary>
    [ConfigurationKeyName("max_parallel")]
    public int MaxParallel { get; set; } = 8;

    /// <summary>The largest input in bytes, 1 to 67,108,864 (64 MiB). The default is 1,048,576 (1 MiB).</summary>
    [ConfigurationKeyName("max_input_bytes")]
    public int MaxInputBytes { get; set; } = 1024 * 1024;
}
