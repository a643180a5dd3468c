using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace SwarmPool.Runtime.Hosting;

/// <summary>A role's options: from the configuration, then from code, validated at start.</summary>
internal static class RoleOptions
{
    public static void Add<TOptions, TValidator>(IServiceCollection services, Action<TOptions, IConfiguration> bind, Action<TOptions>? configure)
        where TOptions : class, new()
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.AddOptions<TOptions>()
            .Configure<IConfiguration>((options, configuration) => Bind(options, configuration, bind))
            .Configure(options => configure?.Invoke(options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
    }

    // A value of the wrong kind is a problem of the configuration like any other, to be listed with the rest.
    private static void Bind<TOptions>(TOptions options, IConfiguration configuration, Action<TOptions, IConfiguration> bind)
        where TOptions : class, new()
    {
        try
        {
            bind(options, configuration);
        }
        catch (InvalidOperationException fault)
        {
            var problems = configuration.GetChildren().Select(one => Problem(one, bind)).OfType<string>().ToList();
            throw new OptionsValidationException(Options.DefaultName, typeof(TOptions), problems.Count > 0 ? problems : [fault.Message]);
        }
    }

    // The binder stops at the first value that it can't convert, so each is tried by itself.
    private static string? Problem<TOptions>(IConfigurationSection one, Action<TOptions, IConfiguration> bind)
        where TOptions : class, new()
    {
        try
        {
            bind(new TOptions(), new ConfigurationBuilder().AddInMemoryCollection(one.AsEnumerable()).Build());
            return null;
        }
        catch (InvalidOperationException fault)
        {
            return $"{one.Key}: {(fault.InnerException ?? fault).Message}";
        }
    }
}
