using SwarmPool.State;
using SwarmPool.Testing.Journal;

namespace Company.Plugin1.Tests;

/// <summary>The slot's contract. What this plugin does beyond it is tested beside.</summary>
public sealed class ConformanceTests : JournalSuite, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("journal-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    protected override IPoolJournal Open() => new FileJournal(folder, TimeProvider.System);
}
