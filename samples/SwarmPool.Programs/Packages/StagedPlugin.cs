using System.Security.Cryptography;
using SwarmPool.Files;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Programs.Packages;

/// <summary>
/// A plugin's folder while it is put together: beside the others, under a name that no configuration can use, so that it
/// is there whole or not at all.
/// </summary>
internal sealed class StagedPlugin : IDisposable
{
    private const long DefaultMostBytes = 4L * 1024 * 1024 * 1024;
    private const int MaxFiles = 10_000;

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = default };

    private readonly string root;
    private readonly long mostBytes;
    private string name = "";
    private long bytes;
    private int files;

    private StagedPlugin(string root, long mostBytes)
    {
        this.root = root;
        this.mostBytes = mostBytes;
        Folder = Path.Combine(root, $".adding-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        OwnFile.CreateFolder(Folder);
    }

    /// <summary>The folder that it is put together in.</summary>
    public string Folder { get; }

    /// <summary>The plugin's name.</summary>
    /// <exception cref="SwarmPoolException">SP1001: not a name that a folder can have.</exception>
    public string Name
    {
        get => name;
        set => name = value.Length is > 0 and <= 128 && value[0] != '.' && value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
            ? value
            : throw new SwarmPoolException(ErrorCodes.ConfigurationInvalid, $"'{value}' can't be a plugin's name: letters, digits, '.', '-' and '_', and no '.' first. Give one by --name.");
    }

    public static StagedPlugin Beside(string root, long mostBytes = DefaultMostBytes) => new(root, mostBytes);

    /// <summary>Copies a build output.</summary>
    public void CopyFrom(string folder, string? named)
    {
        var source = new DirectoryInfo(Path.TrimEndingDirectorySeparator(folder));
        if (!source.Exists)
        {
            throw new SwarmPoolException(ErrorCodes.PluginFolderMissing, $"There is no folder {folder}, and it is no .nupkg. Name the plugin's build output, or its package.");
        }

        Name = named ?? EntryIn(source);
        Copy(source, "");
    }

    /// <summary>Writes one file, by its path in the folder, as far as the limits go.</summary>
    public void Write(string path, Stream content)
    {
        var target = Path.GetFullPath(Path.Combine(Folder, path));
        if (!target.StartsWith(Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new SwarmPoolException(ErrorCodes.PackageUnusable, $"'{path}' leads out of the plugin's folder. This package is not to be trusted.");
        }

        if (++files > MaxFiles)
        {
            throw TooLarge($"more than {MaxFiles} files");
        }

        OwnFile.CreateFolder(Path.GetDirectoryName(target)!);
        using var file = OwnFile.Create(target);
        var buffer = new byte[81_920];
        for (int read; (read = content.Read(buffer)) > 0;)
        {
            // Counted as it comes: what an archive says of its sizes may be a lie.
            if ((bytes += read) > mostBytes)
            {
                throw TooLarge($"more than {mostBytes} bytes");
            }

            file.Write(buffer, 0, read);
        }
    }

    /// <summary>Whether a file is there already.</summary>
    public bool Has(string path) => File.Exists(Path.Combine(Folder, path));

    /// <summary>Gives it its name, in the place of an older one.</summary>
    /// <returns>Where it lies now.</returns>
    public string Install()
    {
        var place = Path.Combine(root, Name);
        var old = Folder + ".old";
        if (Directory.Exists(place))
        {
            Directory.Move(place, old);
        }

        Directory.Move(Folder, place);
        if (Directory.Exists(old))
        {
            Directory.Delete(old, recursive: new DirectoryInfo(old).LinkTarget is null);
        }

        return place;
    }

    public void Dispose()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    // A build output is called "release" or "net10.0" more often than its plugin's name; the list of dependencies has that.
    private static string EntryIn(DirectoryInfo folder)
    {
        if (File.Exists(Path.Combine(folder.FullName, folder.Name + ".dll")))
        {
            return folder.Name;
        }

        var lists = folder.GetFiles("*.deps.json").Select(list => list.Name[..^".deps.json".Length]).ToList();
        return lists.Count == 1 ? lists[0] : throw new SwarmPoolException(
            ErrorCodes.PluginEntryMissing, $"{folder.FullName} has no {folder.Name}.dll, and no one .deps.json that tells the plugin's name. Give it by --name.");
    }

    private void Copy(DirectoryInfo source, string prefix)
    {
        foreach (var entry in source.EnumerateFileSystemInfos("*", Everything))
        {
            if (entry.LinkTarget is not null)
            {
                throw new SwarmPoolException(ErrorCodes.PluginUnsafe, $"{entry.FullName} is a link. Put the file itself there, then again.");
            }

            if (entry is DirectoryInfo below)
            {
                Copy(below, prefix + entry.Name + "/");
            }
            else
            {
                using var content = File.OpenRead(entry.FullName);
                Write(prefix + entry.Name, content);
            }
        }
    }

    private static SwarmPoolException TooLarge(string what) => new(ErrorCodes.PackageUnusable, $"The plugin has {what}, with all that it depends on. That is more than a plugin may have.");
}
