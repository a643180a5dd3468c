using Microsoft.Extensions.Options;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Runtime.Hosting;

/// <summary>Tells what is wrong with a role of a composition before anything of it starts.</summary>
/// <param name="needs">What the role can't start without: each is got, and what it throws is a problem.</param>
internal sealed class RoleCheck(params Action[] needs)
{
    public void Check(Problems problems)
    {
        foreach (var need in needs)
        {
            try
            {
                need();
            }
            catch (Exception missing) when (missing is OptionsValidationException or SwarmPoolException)
            {
                problems.Add(missing);
            }
        }
    }
}
