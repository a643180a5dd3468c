using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace SwarmPool.Files;

/// <summary>What .NET does not say of a file on Linux: opening it without following a link or waiting, of what kind it is, and whose.</summary>
[SupportedOSPlatform("linux")]
internal static partial class UnixFile
{
    private const int NonBlocking = 0x800; // O_RDONLY is 0.
    private const int CloseOnExec = 0x80000;
    private const int NoSuchFile = 2;
    private const int NotPermitted = 1;
    private const int NoAccess = 13;
    private const int NotFolder = 20;
    private const int TooManyLinks = 40;

    // Of struct statx, which has one layout on every processor.
    private const int StatBytes = 256;
    private const int LinksAt = 16;
    private const int OwnerAt = 20;
    private const int ModeAt = 28;
    private const int NumberAt = 32;
    private const int LengthAt = 40;
    private const int ChangedAt = 96;
    private const int WrittenAt = 112;
    private const int DeviceAt = 136;
    private const int EmptyPath = 0x1000;
    private const int CurrentFolder = -100;
    private const uint TypeModeAndOwner = 0xF;
    private const uint TimesNumberLengthAndLinks = 0x3C4;

    private static readonly int NoFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 or Architecture.Ppc64le ? 0x8000 : 0x20000;

    /// <summary>The kind of a file: the upper bits of its mode.</summary>
    public enum Kind
    {
        Folder = 0x4000,
        Regular = 0x8000,
    }

    /// <summary>The user that this process acts as.</summary>
    public static uint User => EffectiveUser();

    /// <summary>Opens a file to read it, at once, whatever it is.</summary>
    /// <exception cref="IOException">It can't be opened, or is a link that is not to be followed.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public static SafeFileHandle Open(string path, bool followsLinks)
    {
        var descriptor = Open(path, NonBlocking | CloseOnExec | (followsLinks ? 0 : NoFollow));
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Fault(path, Marshal.GetLastPInvokeError());
    }

    /// <summary>The kind of an open file, and whose it is.</summary>
    public static (Kind Kind, uint Owner) Of(SafeFileHandle file, string path)
    {
        Span<byte> stat = stackalloc byte[StatBytes];
        return Stat(file, "", EmptyPath, TypeModeAndOwner, ref MemoryMarshal.GetReference(stat)) == 0 ? Read(stat) : throw Fault(path, Marshal.GetLastPInvokeError());
    }

    /// <summary>The kind of what is at a path, links followed, and whose it is.</summary>
    public static (Kind Kind, uint Owner) Of(string path)
    {
        Span<byte> stat = stackalloc byte[StatBytes];
        return Stat(CurrentFolder, path, 0, TypeModeAndOwner, ref MemoryMarshal.GetReference(stat)) == 0 ? Read(stat) : throw Fault(path, Marshal.GetLastPInvokeError());
    }

    /// <summary>Which file is at a path, links followed, and in what state.</summary>
    public static (ulong Device, ulong Number, long Length, uint Names, DateTime Written, DateTime Changed) StateOf(string path)
    {
        Span<byte> stat = stackalloc byte[StatBytes];
        if (Stat(CurrentFolder, path, 0, TimesNumberLengthAndLinks, ref MemoryMarshal.GetReference(stat)) != 0)
        {
            throw Fault(path, Marshal.GetLastPInvokeError());
        }

        return (
            MemoryMarshal.Read<ulong>(stat[DeviceAt..]), MemoryMarshal.Read<ulong>(stat[NumberAt..]), MemoryMarshal.Read<long>(stat[LengthAt..]),
            MemoryMarshal.Read<uint>(stat[LinksAt..]), Time(stat[WrittenAt..]), Time(stat[ChangedAt..]));
    }

    // Seconds and nanoseconds.
    private static DateTime Time(ReadOnlySpan<byte> stat) =>
        DateTime.UnixEpoch.AddTicks((MemoryMarshal.Read<long>(stat) * TimeSpan.TicksPerSecond) + (MemoryMarshal.Read<uint>(stat[8..]) / 100));

    private static (Kind Kind, uint Owner) Read(ReadOnlySpan<byte> stat) => BitConverter.IsLittleEndian
        ? ((Kind)(BinaryPrimitives.ReadUInt16LittleEndian(stat[ModeAt..]) & 0xF000), BinaryPrimitives.ReadUInt32LittleEndian(stat[OwnerAt..]))
        : ((Kind)(BinaryPrimitives.ReadUInt16BigEndian(stat[ModeAt..]) & 0xF000), BinaryPrimitives.ReadUInt32BigEndian(stat[OwnerAt..]));

    private static Exception Fault(string path, int error) => error switch
    {
        NoSuchFile or NotFolder => new FileNotFoundException($"There is no file {path}.", path),
        NoAccess or NotPermitted => new UnauthorizedAccessException($"Access to the path '{path}' is denied."),
        TooManyLinks => new IOException($"{path} is a link, which is not followed here: put the file itself there."),
        _ => new IOException($"{path} can't be opened: {Marshal.GetPInvokeErrorMessage(error)}."),
    };

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(SafeFileHandle folder, string path, int flags, uint mask, ref byte result);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(int folder, string path, int flags, uint mask, ref byte result);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
