using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SwarmPool.Runtime.Hosting;

/// <summary>The options of one instance of a role, wherever they are registered: with the role itself, or by the instance's key in the host around it.</summary>
/// <param name="services">The services that the options are registered with.</param>
/// <param name="name">Their name there; empty without one.</param>
internal sealed class NamedOptions<TOptions>(IServiceProvider services, string name)
    where TOptions : class
{
    /// <summary>The options, validated.</summary>
    /// <exception cref="OptionsValidationException">They are not valid.</exception>
    public TOptions Value => services.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name);

    /// <summary>The options as they are, valid or not: one that is wrong is not to hide what is wrong with the others.</summary>
    public TOptions Unchecked => new OptionsFactory<TOptions>(
        services.GetServices<IConfigureOptions<TOptions>>(), services.GetServices<IPostConfigureOptions<TOptions>>(), []).Create(name);
}
