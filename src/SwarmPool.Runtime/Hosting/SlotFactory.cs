using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Containment;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Hosting;

/// <summary>
/// Calls a slot's factory so that what a plugin throws there is reported as that plugin's, and puts what it made behind the
/// slot's gate.
/// </summary>
internal static class SlotFactory
{
    public static TSlot Make<TSlot>(SlotFilling filling, Func<IServiceProvider, TSlot> factory, IServiceProvider services)
        where TSlot : class
    {
        TSlot? made;
        var faults = services.GetRequiredService<PluginFaults>();
        var place = new PluginPlace(filling.Plugin ?? filling.FilledBy, filling.Slot);
        try
        {
            made = ForeignPolicy.TryMake(filling, place, services) as TSlot ?? ForeignBackend.TryMake(filling, place, services) as TSlot ?? factory(services);
        }
        catch (Exception thrown) when (SpeaksForItself(thrown) && faults.Secrets.Clean(thrown) != thrown)
        {
            throw PluginSecrets.Clean(faults.Secrets, thrown);
        }
        catch (Exception thrown) when (!SpeaksForItself(thrown))
        {
            throw new SwarmPoolException(
                ErrorCodes.PluginConfigureFailed,
                $"{filling.FilledBy} could not be made for the {filling.Slot} slot: {thrown.GetType().Name}: {faults.Secrets.Clean(thrown.Message)} Check its configuration and its installation.",
                faults.Secrets.Clean(thrown));
        }

        return made is null
            ? throw new SwarmPoolException(
                ErrorCodes.SlotEmpty,
                $"{filling.FilledBy} fills the {filling.Slot} slot, but its factory returned null. This is a fault of that plugin: report it, or use another.")
            : SlotGuards.Guard(made, place, faults, services.GetRequiredService<TimeProvider>());
    }

    private static bool SpeaksForItself(Exception thrown) =>
        thrown is SwarmPoolException or OptionsValidationException or TransportException or JournalException or OperationCanceledException;
}
