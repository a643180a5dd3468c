using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Roles;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Registers a role's options: from the configuration, then from code.</summary>
internal static class RoleOptions
{
    // What the configuration says and can't be read, until the options are validated.
    private static readonly ConditionalWeakTable<object, IReadOnlyList<string>> Unreadable = [];

    /// <param name="services">Where to.</param>
    /// <param name="name">The options' name: the instance's key; empty without one.</param>
    /// <param name="configuration">The instance's own configuration; null: the host's.</param>
    public static OptionsBuilder<TOptions> Add<TOptions, TValidator>(IServiceCollection services, string name, IConfiguration? configuration)
        where TOptions : class, IRoleOptions, new()
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, TValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, Readable<TOptions>>());
        return services.AddOptions<TOptions>(name)
            .Configure<IServiceProvider>((options, provider) => Bind(options, configuration ?? provider.GetRequiredService<IConfiguration>()));
    }

    /// <summary>For a composition in a host of its own.</summary>
    public static void AddOptions<TOptions, TValidator>(this SwarmPoolBuilder builder, Action<TOptions>? configure)
        where TOptions : class, IRoleOptions, new()
        where TValidator : class, IValidateOptions<TOptions>
    {
        var options = Add<TOptions, TValidator>(builder.Services, Options.DefaultName, configuration: null);
        if (configure is not null)
        {
            options.Configure(configure);
        }
    }

    // A value of the wrong kind is a problem of the configuration like any other, to be listed with the rest. The binder
    // stops at the first that it can't convert, so each key is then tried by itself.
    private static void Bind<TOptions>(TOptions options, IConfiguration configuration)
        where TOptions : class, IRoleOptions
    {
        try
        {
            options.Bind(configuration);
        }
        catch (InvalidOperationException)
        {
            Unreadable.Add(options, [.. configuration.GetChildren().Select(key => Problem(options, key)).OfType<string>()]);
        }

        options.Signer = SignerOptions.Read(configuration, options.SignerPrefix);
    }

    private static string? Problem<TOptions>(TOptions options, IConfigurationSection key)
        where TOptions : class, IRoleOptions
    {
        try
        {
            var parent = key.Path.Length - key.Key.Length;
            options.Bind(new ConfigurationBuilder().AddInMemoryCollection(key.AsEnumerable().Select(pair => KeyValuePair.Create(pair.Key[parent..], pair.Value))).Build());
            return null;
        }
        catch (InvalidOperationException fault)
        {
            return $"{key.Key}: {(fault.InnerException ?? fault).Message}";
        }
    }

    private sealed class Readable<TOptions> : IValidateOptions<TOptions>
        where TOptions : class
    {
        public ValidateOptionsResult Validate(string? name, TOptions options) =>
            Unreadable.TryGetValue(options, out var problems) ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
    }
}
