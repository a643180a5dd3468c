namespace SwarmPool.Runtime.Plugins;

/// <summary>A builder that wants to know whose registrations it takes.</summary>
internal interface IRegistrationScope
{
    /// <summary>The folder name of the plugin that registers itself just now; null when code does.</summary>
    string? Registering { set; }
}
