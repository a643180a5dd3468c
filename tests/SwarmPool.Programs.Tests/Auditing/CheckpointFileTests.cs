using System.Security.Cryptography;
using System.Text;
using SwarmPool.Core.Auditing;
using SwarmPool.Programs.Auditing;
using SwarmPool.Protocol.Errors;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Tests.Auditing;

/// <summary>An auditor's checkpoint lies in a file: one that can't be kept is told of before an audit that takes an hour.</summary>
public sealed class CheckpointFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("checkpoint-");

    [Fact]
    public void A_file_that_is_not_there_yet_is_none_and_nothing_is_left_by_asking()
    {
        Assert.Null(CheckpointFile.Read(PathOf("audited.json")));
        Assert.Empty(folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public void What_was_written_is_read_back_and_takes_the_place_of_what_was_there()
    {
        var path = PathOf("audited.json");
        var checkpoint = Checkpoint();
        Assert.Null(CheckpointFile.TryWrite(path, checkpoint));
        Assert.Null(CheckpointFile.TryWrite(path, checkpoint));
        Assert.Equal(checkpoint.ToBytes().ToArray(), CheckpointFile.Read(path)!.ToBytes().ToArray());
        Assert.Single(folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public void A_place_where_no_file_can_be_is_refused_before_and_after()
    {
        foreach (var path in new[] { PathOf("no such folder", "audited.json"), folder.FullName })
        {
            Assert.Equal(ErrorCodes.ConfigurationInvalid, Assert.Throws<SwarmPoolException>(() => CheckpointFile.Read(path)).Code);
            var unwritten = CheckpointFile.TryWrite(path, Checkpoint());
            Assert.Equal(ErrorCodes.ConfigurationInvalid, unwritten!.Code);
            Assert.Contains(path, unwritten.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_holds_something_else_is_named()
    {
        File.WriteAllText(PathOf("audited.json"), "{}");
        var unusable = Assert.Throws<SwarmPoolException>(() => CheckpointFile.Read(PathOf("audited.json")));
        Assert.Equal(ErrorCodes.CheckpointUnusable, unusable.Code);
        Assert.StartsWith(PathOf("audited.json"), unusable.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        folder.Delete(recursive: true);
        foreach (var aside in folder.Parent!.EnumerateFiles(folder.Name + ".new"))
        {
            aside.Delete();
        }
    }

    private static AuditCheckpoint Checkpoint()
    {
        const string State = """{"rules":1,"term":0,"sequence":1,"at":0,"fence":0,"total_jobs":0,"total_proofs":0,"total_volume_micro":0,"jobs":[],"miners":[],"clients":[],"closed_epochs":[],"policy_state":""}""";
        return AuditCheckpoint.Read(Encoding.UTF8.GetBytes(
            $$"""{"format":"swarmpool-audit/1","pool":"swarmpool.eth","network":"local","epoch":1,"cid":"{{Cid.OfBlock("an epoch"u8)}}","sequence":1,"hash":"{{new string('0', 64)}}","state_sha256":"{{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(State)))}}","state":{{State}}}"""));
    }

    private string PathOf(params string[] parts) => Path.Combine([folder.FullName, .. parts]);
}
