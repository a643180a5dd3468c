using SwarmPool.Identity;

namespace Company.Plugin1;

/// <summary>Names from a text file, read at each question: the runtime keeps answers for as long as they say.</summary>
internal sealed class NameList(IdentityOptions options, string baseDirectory) : IIdentityProvider
{
    private readonly string path = Path.GetFullPath(options.File, baseDirectory);
    private readonly TimeSpan valid = TimeSpan.FromSeconds(options.ValidSeconds);

    public string Network => "local";

    public async ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken)
    {
        // "No such name" and "can't tell now" are different answers: a file that can't be read is never a no.
        try
        {
            foreach (var line in await File.ReadAllLinesAsync(path, cancellationToken))
            {
                if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var listed, var account] && listed == name.Text)
                {
                    return EthAddress.TryParse(account, out var address)
                        ? new(IdentityStatus.Known, [address], address, Block: 0, valid)
                        : IdentityAnswer.Unavailable(valid, $"{path}: the account of {name} is not an address");
                }
            }

            return IdentityAnswer.Unknown(valid, $"{path} does not list {name}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return IdentityAnswer.Unavailable(valid, $"{path} can't be read: {fault.Message}");
        }
    }
}
