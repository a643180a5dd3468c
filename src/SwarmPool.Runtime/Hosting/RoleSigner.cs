using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Identity;
using SwarmPool.Runtime.Keys;
using SwarmPool.Runtime.Roles;

namespace SwarmPool.Runtime.Hosting;

/// <summary>
/// What one role signs with: an <see cref="ISigner"/> that the program registered, by the role's key or for all, else the
/// key that the role's own options name. Both at once is an error, so no role signs with another's key unnoticed.
/// </summary>
internal sealed class RoleSigner : IDisposable
{
    private readonly bool isOwn;

    private RoleSigner(ISigner signer, bool isOwn)
    {
        Signer = signer;
        this.isOwn = isOwn;
    }

    public ISigner Signer { get; }

    /// <param name="services">The composition's services.</param>
    /// <param name="role">The role's key among them.</param>
    /// <param name="options">The role's options.</param>
    /// <param name="baseDirectory">What the options' paths are relative to.</param>
    /// <exception cref="Protocol.Errors.SwarmPoolException">SP1201 to SP1203: there is no key, more than one, or it can't be read.</exception>
    public static RoleSigner Create(IServiceProvider services, string role, IRoleOptions options, string baseDirectory)
    {
        if ((services.GetKeyedService<ISigner>(role) ?? services.GetService<ISigner>()) is not { } given)
        {
            return new RoleSigner(KeyLoader.Signer(options.Signer.Under(baseDirectory), options.Party, services.GetRequiredService<TimeProvider>()), isOwn: true);
        }

        var named = KeyLoader.Named(options.Signer);
        return named.Count == 0
            ? new RoleSigner(given, isOwn: false)
            : throw KeyLoader.MoreThanOne(options.Party, ["an ISigner among the services", .. named]);
    }

    /// <summary>Wipes a key that was loaded here; a signer of the program's own is the program's.</summary>
    public void Dispose()
    {
        if (isOwn)
        {
            (Signer as IDisposable)?.Dispose();
        }
    }
}
