using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Runtime.Hosting;

/// <summary>The role instances of a host, in the order in which they were added. They are all made together, so that all that is wrong is said together.</summary>
internal sealed class RoleInstances : IDisposable
{
    private readonly Lazy<Dictionary<RoleInstance, IHost>> hosts;

    public RoleInstances(IServiceProvider services, IEnumerable<RoleInstance> instances) => hosts = new(() => Build(services, [.. instances]));

    /// <summary>The instances' hosts.</summary>
    /// <exception cref="Protocol.Errors.SwarmPoolException">Something is wrong with an instance; the message lists everything that is, of all of them.</exception>
    public IReadOnlyCollection<IHost> Hosts => hosts.Value.Values;

    public IHost HostOf(RoleInstance instance) => hosts.Value[instance];

    /// <summary>The host of the instance of that role and key.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public IHost HostOf(string role, string key) => hosts.Value.FirstOrDefault(one => one.Key.Role == role && one.Key.Key == key).Value
        ?? throw new InvalidOperationException(key.Length == 0 ? $"There is no {role} without a key in this host." : $"There is no {role} \"{key}\" in this host.");

    /// <exception cref="InvalidOperationException">There is one of that role and key already.</exception>
    public static void Add(IServiceCollection services, RoleInstance instance)
    {
        if (services.Any(service => service.ImplementationInstance is RoleInstance other && other.IsSame(instance)))
        {
            throw new InvalidOperationException(
                instance.Key.Length == 0 ? $"There is a {instance.Role} already: give each a key." : $"There is a {instance.Role} \"{instance.Key}\" already: give this one another key.");
        }

        services.AddSingleton(instance);
        services.TryAddSingleton<RoleInstances>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RoleInstancesService>());
    }

    /// <summary>Takes the instance of that role and key out again.</summary>
    public static void Remove(IServiceCollection services, string role, string key)
    {
        var removed = services.Where(service => service.ImplementationInstance is RoleInstance one && one.Role == role && one.Key == key).ToList();
        removed.ForEach(service => services.Remove(service));
    }

    public void Dispose()
    {
        if (hosts.IsValueCreated)
        {
            Dispose(hosts.Value.Values);
        }
    }

    private static Dictionary<RoleInstance, IHost> Build(IServiceProvider services, IReadOnlyList<RoleInstance> instances)
    {
        var problems = new Problems();
        var built = new Dictionary<RoleInstance, IHost>();
        try
        {
            foreach (var instance in instances)
            {
                if (instance.Build(services, problems) is { } host)
                {
                    built.Add(instance, host);
                }
            }

            problems.ThrowIfAny();
            return built;
        }
        catch
        {
            Dispose(built.Values);
            throw;
        }
    }

    private static void Dispose(IEnumerable<IHost> hosts)
    {
        foreach (var host in hosts.Reverse())
        {
            host.Dispose();
        }
    }
}
