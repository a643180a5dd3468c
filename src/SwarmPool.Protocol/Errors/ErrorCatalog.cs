using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace SwarmPool.Protocol.Errors;

/// <summary>What each of <see cref="ErrorCodes"/> means and what to do: the one source of their texts.</summary>
/// <remarks>
/// Thread-safe; pure. The tables of docs/errors.md and the summaries of <see cref="ErrorCodes"/> are generated from it:
/// <c>SWARMPOOL_UPDATE=1 dotnet run -c Release --project tests/SwarmPool.Architecture.Tests -- --filter-class "*ErrorDocumentTests"</c>.
/// Texts are for people; code is set in backticks.
/// </remarks>
public static class ErrorCatalog
{
    /// <summary>All codes, by what they are about, in order.</summary>
    public static IReadOnlyList<ErrorArea> Areas { get; } =
    [
        new("Configuration and start", null,
        [
            Of(ErrorCodes.ConfigurationInvalid, Exits.Configuration, "A configuration value is malformed, out of range, or contradicts another.", "Fix the key that the message names; all problems are listed at once."),
            Of(ErrorCodes.ConfigurationMissing, Exits.Configuration, "A configuration file or required key is missing.", "Make the file or set the key."),
            Of(ErrorCodes.CommandLineInvalid, Exits.Usage, "The command line is wrong: a command, option or argument is unknown, missing or out of range.", "See the command's `--help`. A file whose name begins with `-` is named as `./-name`."),
            Of(ErrorCodes.PluginFolderMissing, Exits.Configuration, "`plugins:use` names a plugin whose folder is missing.", "Fix the name, add the folder, or set `plugins:folder`; the message lists what is there."),
            Of(ErrorCodes.PluginEntryMissing, Exits.Configuration, "The folder has no assembly of its name, or the assembly no usable entry point.", "Copy the whole build output; authors mark the assembly with `SwarmPoolPlugin`."),
            Of(ErrorCodes.SlotTaken, Exits.Configuration, "Two plugins fill the same slot.", "Keep one of the two named."),
            Of(ErrorCodes.SlotEmpty, Exits.Configuration, "Nothing fills a slot that a role needs.", "Name a plugin for it under `plugins:use`, or call its `Use…` method."),
            Of(ErrorCodes.PluginLoadFailed, Exits.Configuration, "The plugin's assembly, or one it refers to, can't be loaded.", "Copy the whole build output for this framework and contract version."),
            Of(ErrorCodes.PluginConfigureFailed, Exits.Configuration, "The plugin threw while it registered itself or made its service.", "Check its configuration section and installation; else report it to its author."),
            Of(ErrorCodes.PluginContract, Exits.Configuration, "The plugin was built against contracts that this program doesn't support.", "Update the program, or take a version of the plugin that fits."),
            Of(ErrorCodes.PluginPrivateCopy, Exits.Configuration, "The plugin has its own copy of a shared assembly.", "Delete that file; its author excludes it from the build output."),
            Of(ErrorCodes.PluginSharedNewer, Exits.Configuration, "The plugin refers to a newer shared assembly than the host's.", "Update the program, or take a build with older packages."),
            Of(ErrorCodes.PluginDependencies, Exits.Configuration, "The plugin's `.deps.json` or `.runtimeconfig.json` is broken, or leads out of its folder.", "Copy the whole build output again."),
            Of(ErrorCodes.PluginImage, Exits.Configuration, "A file is not a .NET assembly for this machine: damaged, native, or for another processor.", "Take the build for this or any processor."),
            Of(ErrorCodes.PluginNotLocked, Exits.Configuration, "The strict lock file doesn't list the plugin.", "If you know its origin, `swarmpool plugin lock NAME`."),
            Of(ErrorCodes.PluginChanged, Exits.Configuration, "The plugin's files differ from the strict lock file.", "If you changed them, `swarmpool plugin lock NAME`; if not, find out who did."),
            Of(ErrorCodes.PluginUnsafe, Exits.Configuration, "The folder has a link or too many files; or, under a strict lock, everyone can write it.", "Keep only the plugin's own files there; restrict the rights."),
            Of(ErrorCodes.PluginLockInvalid, Exits.Configuration, "The file that `plugins:lock` names is missing, broken, or of an unknown format.", "Restore a copy, or review the plugins and lock them again."),
            Of(ErrorCodes.PluginFault, Exits.Configuration, "A plugin threw what its contract doesn't allow. It was contained and counted.", "Read the log; report it to the plugin's author."),
            Of(ErrorCodes.PluginHangs, Exits.Configuration, "A plugin didn't answer within its limit. The call was abandoned and counted.", "Find what it waits for; report it to the plugin's author."),
            Of(ErrorCodes.PackageUnusable, Exits.Configuration, "A package is not found, damaged, too large, for another system, or lacks a dependency.", "Fix what the message names, or add the plugin from a folder."),
            Of(ErrorCodes.PackageAmbiguous, Exits.Configuration, "Several package sources have a package of that name, and no source mapping says which is meant: a stranger may have put one of an internal package's name on a public source.", "Map the package to its source in NuGet's configuration (`packageSourceMapping`), or add the plugin from a folder."),
            Of(ErrorCodes.KeyMissing, Exits.Configuration, "No signing key was given.", "Set the key file or environment variable that the message names."),
            Of(ErrorCodes.KeyInvalid, Exits.Configuration, "The key is not valid.", "Give 32 bytes in hex, or a keystore file."),
            Of(ErrorCodes.KeystorePassword, Exits.Configuration, "The keystore's password is missing or wrong.", "Set it as the message says."),
            Of(ErrorCodes.KeyOnCommandLine, Exits.Configuration, "A key on the command line can be read by every user of the machine.", "Use a file or environment variable; replace that key."),
            Of(ErrorCodes.KeyNotOfName, Exits.Configuration, "The key's account may not sign for the configured name.", "Use the name's key, or point the name at this account."),
            Of(ErrorCodes.DelegationUnusable, Exits.Configuration, "The configured delegation can't be read, has expired, was revoked, or is for another name, role, pool, network or key. A daemon whose delegation ends stops with this.", "Delegate anew with the program's `delegate` command, and name its file."),
            Of(ErrorCodes.SignerFailed, Exits.Transport, "The remote signer was away, too slow, or answered wrongly: malformed, or not the account's signature.", "Check the signer; the message says what it did."),
            Of(ErrorCodes.SignerRefused, Exits.Configuration, "The remote signer refuses to sign; the message has its reason.", "Check the signer's rules."),
            Of(ErrorCodes.OwnNameUnknown, Exits.Configuration, "A configured name, the party's own or the operations payee's, doesn't exist or names no account.", "Fix the configured name, or register it and point it at the key's account."),
        ]),
        new("Snapshot format", null,
        [
            Of(ErrorCodes.SnapshotTooLarge, Exits.Refused, "The snapshot exceeds 64 KiB.", "Store large data as content and name its CID."),
            Of(ErrorCodes.NotJson, Exits.Refused, "The bytes are not a JSON object.", "Send one JSON object."),
            Of(ErrorCodes.DuplicateKey, Exits.Refused, "An object has a key twice.", "Send each key once."),
            Of(ErrorCodes.TooDeep, Exits.Refused, "Objects and arrays are nested too deeply.", "Flatten the snapshot."),
            Of(ErrorCodes.BadUtf8, Exits.Refused, "The text isn't valid UTF-8, or has a lone surrogate.", "Send valid UTF-8."),
            Of(ErrorCodes.Fraction, Exits.Refused, "A number has a fraction or an exponent.", "Send fractions as strings."),
            Of(ErrorCodes.IntegerRange, Exits.Refused, "An integer is beyond ±2^53.", "Send large integers as strings."),
            Of(ErrorCodes.UnknownType, Exits.Refused, "`type` is unknown, or not the one that is expected here.", "Fix `type` or the CID that led there, or update the program."),
            Of(ErrorCodes.WrongTopic, Exits.Refused, "The snapshot came over another type's topic.", "Publish it on its own topic."),
            Of(ErrorCodes.UnknownVersion, Exits.Refused, "`version` is not supported.", "Send a supported version, or update the program."),
            Of(ErrorCodes.BadField, Exits.Refused, "A field is missing, of the wrong kind, or out of range.", "Fix the field that the message names."),
            Of(ErrorCodes.NullValue, Exits.Refused, "A field is null.", "Leave the field out."),
            Of(ErrorCodes.NotCanonical, Exits.Refused, "Content is not in canonical form (RFC 8785), so its CID may not be the only one.", "Store the canonical form."),
        ]),
        new("Pool, network and time", null,
        [
            Of(ErrorCodes.WrongPool, Exits.Refused, "The snapshot is for another pool.", "Set `pool` to this pool's name."),
            Of(ErrorCodes.WrongNetwork, Exits.Refused, "The snapshot was signed for another network.", "Set the network that the pool publishes."),
            Of(ErrorCodes.Stale, Exits.Refused, "The timestamp is older than allowed, or than the name's last.", "Check the clock, and send anew."),
            Of(ErrorCodes.InFuture, Exits.Refused, "The timestamp is too far ahead of the pool's clock.", "Check the clock."),
        ]),
        new("Signatures, names and delegations", null,
        [
            Of(ErrorCodes.BadSignature, Exits.Refused, "The signature is malformed or doesn't fit the text.", "Sign the text as docs/protocol.md says."),
            Of(ErrorCodes.WrongSigner, Exits.Refused, "The signing account may not sign for the name.", "Sign with the name's account."),
            Of(ErrorCodes.UnknownName, Exits.Refused, "The name doesn't exist or names no account.", "Register it and point it at the account."),
            Of(ErrorCodes.NameUnavailable, Exits.Refused, "The name can't be looked up now: neither yes nor no.", "Send again later; operators check the identity plugin's connection."),
            Of(ErrorCodes.DelegationExpired, Exits.Refused, "The session key's delegation has expired.", "Delegate anew, and sign with the new one."),
            Of(ErrorCodes.DelegationRole, Exits.Refused, "The delegation is for another role.", "Delegate for that role; one key may have several delegations."),
            Of(ErrorCodes.DelegationRevoked, Exits.Refused, "The name has revoked the delegation.", "Make a new session key and delegate to it."),
            Of(ErrorCodes.DelegationKey, Exits.Refused, "A key other than the delegation's signed.", "Sign with the delegation's key, or name the signing key's delegation."),
            Of(ErrorCodes.DelegationInvalid, Exits.Refused, "The named delegation is not the signer's for this pool and network, or not signed by the name's own account.", "Name the delegation that the signer's own account signed."),
            Of(ErrorCodes.DelegationUnavailable, Exits.Refused, "The delegation can't be fetched now: neither yes nor no.", "Keep it available under its CID, and send again."),
            Of(ErrorCodes.PlaceUnusable, Exits.Refused, "The name's pool records are malformed or lead nowhere now; they are ignored.", "The operator sets the records to what `swarmpool name` shows; until then configure the pool's peers."),
            Of(ErrorCodes.NamedStateRefused, Exits.Refused, "The name's records lead to a state that the pool didn't sign, or older than one already seen; it is ignored.", "The operator sets the records to what `swarmpool name` shows."),
            Of(ErrorCodes.PlaceDiffers, Exits.Refused, "The pool's name doesn't lead to where the daemon publishes: who knows only the name doesn't find it.", "Set the name's records to what `swarmpool name` shows."),
            Of(ErrorCodes.NameDisputed, Exits.Refused, "The Ethereum nodes that were asked for the name say different things of it, and too few the same. Nothing is taken or paid by it.", "Send again later. Operators find out which node lies or is behind, and name more of them."),
            Of(ErrorCodes.PayoutDiffers, Exits.Refused, "The pool would pay the miner at another address than the miner's own lookup of its name gives: one of the two was told something else of the name. The miner does no work.", "Compare the name's `swarmpool.payout` and address by a source that you trust; tell the pool's operator, or mend your own."),
        ]),
        new("Rates", null,
        [
            Of(ErrorCodes.PeerRate, Exits.Refused, "The transport peer exceeds its rate.", "Slow down; the message says how long to wait."),
            Of(ErrorCodes.NameRate, Exits.Refused, "The name exceeds its rate, through however many peers.", "Slow down; the message says how long to wait."),
            Of(ErrorCodes.QueueFull, Exits.Refused, "The pool has more to check than it can hold.", "Send again later."),
            Of(ErrorCodes.HeardBefore, Exits.Refused, "These bytes were heard and decided before; it is announced again.", "Nothing: the answer is on its way."),
        ]),
        new("Content", null,
        [
            Of(ErrorCodes.ContentNotFound, Exits.Refused, "Nobody delivered the content in time.", "Keep it available (pinned) and send again."),
            Of(ErrorCodes.ContentMismatch, Exits.Refused, "The bytes don't match their CID.", "Store the content again."),
            Of(ErrorCodes.ContentTooLarge, Exits.Refused, "The content exceeds the limit.", "Make it smaller."),
            Of(ErrorCodes.ContentUnavailable, Exits.Refused, "The content store can't be asked now.", "Send again later; the operator checks the transport."),
        ]),
        new("Jobs", null,
        [
            Of(ErrorCodes.AmountOverCap, Exits.Refused, "The price is above the pool's cap.", "Offer at most the published cap."),
            Of(ErrorCodes.DeadlinePassed, Exits.Refused, "The deadline has passed.", "Submit with a later deadline."),
            Of(ErrorCodes.DeadlineTooFar, Exits.Refused, "The deadline is more than 7 days away.", "Submit with a nearer deadline."),
            Of(ErrorCodes.JobUnknown, Exits.Refused, "The pool knows no such job.", "Check the job's CID and the pool."),
            Of(ErrorCodes.JobNotCancellable, Exits.Refused, "The job is claimed or decided; only pending jobs can be cancelled.", "Wait for its end."),
            Of(ErrorCodes.NotYourJob, Exits.Refused, "Only the job's client may do this.", "Sign with the client's name."),
            Of(ErrorCodes.BadJobType, Exits.Refused, "The pool doesn't take this job type.", "Use a type that the pool publishes."),
            Of(ErrorCodes.BadTimeLimit, Exits.Refused, "The time limit is out of the pool's range.", "Use the range in the message."),
            Of(ErrorCodes.BadReplicas, Exits.Refused, "The number of replicas is out of the pool's range.", "Use the range in the message."),
            Of(ErrorCodes.BadAmount, Exits.Refused, "The price is not an amount: a decimal string with at most 6 places, no sign, no exponent.", "Fix the price."),
            Of(ErrorCodes.PoolFull, Exits.Refused, "The pool holds as many jobs as it can, or open jobs and this epoch's volume exceed the largest amount.", "Submit later."),
            Of(ErrorCodes.ClientCap, Exits.Refused, "The client has as many open jobs as one client may, or its jobs, remembered ones too, take up its share of the pool.", "Submit when some are done or forgotten."),
            Of(ErrorCodes.ClientPause, Exits.Refused, "The client's jobs failed with different miners: the pool takes no more for a while.", "Check the failed jobs' inputs; submit after the time in the message."),
            Of(ErrorCodes.SpendingCap, Exits.Refused, "The job costs more than the delegation's cap leaves, open and paid jobs together.", "Wait for jobs to end unpaid, offer less, or delegate anew."),
            Of(ErrorCodes.TooManyDelegations, Exits.Refused, "The pool remembers no more delegations of this name, or at all. A revocation refused so is of an unknown delegation and records nothing.", "Use an existing one, or wait until some expire (revoked ones count until then) and send again."),
            Of(ErrorCodes.AmountTooLow, Exits.Refused, "The price is below the least that the pool takes.", "Offer at least the published amount."),
            Of(ErrorCodes.UnpaidCap, Exits.Refused, "The client owes as much as one client may: open jobs, and decided ones of epochs that are not sealed.", "Submit when an epoch is sealed, or ask the operator to raise max_unpaid_per_client."),
            Of(ErrorCodes.InputEmpty, Exits.Refused, "The job's input file is empty.", "Name a file that holds the input."),
            Of(ErrorCodes.InputTooLarge, Exits.Refused, "The job's input file has more bytes than a job's input may.", "Make it smaller, or split the job."),
            Of(ErrorCodes.JobAlreadySent, Exits.Refused, "The same job was sent before, its deadline has not passed, and what became of it can't be said.", "Look at it with `swarm-client get`; `--again` sends it as a new job, which is paid for too."),
            Of(ErrorCodes.ModelNotTaken, Exits.Refused, "The pool doesn't take this model.", "Use an alias or a pack's CID that the pool publishes."),
        ]),
        new("Claims", null,
        [
            Of(ErrorCodes.JobNotPending, Exits.Refused, "The job is claimed by another, decided, or unknown.", "Nothing: another miner was first."),
            Of(ErrorCodes.WrongAttempt, Exits.Refused, "The claim is for another attempt.", "Claim the attempt announced last."),
            Of(ErrorCodes.NotRegistered, Exits.Refused, "The miner has not registered.", "Register first."),
            Of(ErrorCodes.ModelNotOffered, Exits.Refused, "The miner has not registered the job's model.", "Register the model, or leave the job."),
            Of(ErrorCodes.ClaimCap, Exits.Refused, "The miner holds as many claims as it may.", "Finish or release one."),
            Of(ErrorCodes.CoolDown, Exits.Refused, "The miner let claims lapse and has to wait.", "Wait as the message says; claim only what can be finished."),
            Of(ErrorCodes.StakeTooLow, Exits.Refused, "The miner's stake is below the pool's minimum.", "Raise the stake."),
            Of(ErrorCodes.NoSuchClaim, Exits.Refused, "There is no such claim to renew or release.", "Nothing: it has ended."),
            Of(ErrorCodes.AlreadyDidReplica, Exits.Refused, "The miner already did a replica of this job.", "Nothing: replicas need different miners."),
            Of(ErrorCodes.CoolDownWithClient, Exits.Refused, "The miner had jobs of this client and did not do them: it may claim others' jobs meanwhile.", "Wait as the message says."),
            Of(ErrorCodes.JobReserved, Exits.Refused, "For seconds the job is kept for miners that have done work for its client, or for miners without strikes.", "Claim it after the time in the message."),
        ]),
        new("Proofs", null,
        [
            Of(ErrorCodes.NoLiveLease, Exits.Refused, "The miner's lease on the job is over.", "Renew by heartbeats while working; claim again if the job is pending."),
            Of(ErrorCodes.WrongFence, Exits.Refused, "The proof carries another lease's fence.", "Use the fence of the accepted claim."),
            Of(ErrorCodes.NotCompleted, Exits.Refused, "The proof says that the job was not completed.", "Release the claim instead of proving a failure."),
            Of(ErrorCodes.BadProofHash, Exits.Refused, "The proof's hash doesn't match its parts.", "Compute it as docs/protocol.md says."),
            Of(ErrorCodes.OutputUnavailable, Exits.Refused, "The output could not be fetched in time.", "Keep it available and send the proof again."),
            Of(ErrorCodes.VerifierRefused, Exits.Refused, "The verifier judged the output dishonest.", "Check model, runtime and settings."),
            Of(ErrorCodes.WrongModel, Exits.Refused, "The proof names another model than the job.", "Run the job's model."),
            Of(ErrorCodes.VerifierFailed, Exits.Refused, "The verifier threw or took too long; the proof was not judged.", "Send again; the operator checks the verifier."),
            Of(ErrorCodes.VerdictImpossible, Exits.Refused, "The verdict is none that the pool's recorded verifier can give.", "The operator checks the verifier's name and what it declares."),
            Of(ErrorCodes.WrongPack, Exits.Refused, "The proof names another pack than the one that the pool bound the job's model to, or none.", "Run the pack that the job's announcement names."),
        ]),
        new("Miners", null,
        [
            Of(ErrorCodes.OldRegistration, Exits.Refused, "A newer registration of the name is known.", "Nothing, or register anew with the current time."),
            Of(ErrorCodes.TooManyMiners, Exits.Refused, "The pool has as many miners as it takes.", "Try later or elsewhere."),
            Of(ErrorCodes.StakeUnknown, Exits.Refused, "The identity plugin knows no stake for the name, and the pool asks for one.", "Publish the stake as the pool says."),
            Of(ErrorCodes.MinerNameTaken, Exits.Configuration, "Another program mines under this miner's name: both would do every job, and one is paid. The one that was there first goes on, the other ends.", "Stop the other, give this one a name of its own, or start it with `--take-over`: then the other ends."),
        ]),
        new("Epochs and settlement", "After SP3401 to SP3406 the epoch stays closed and unsettled, its ledger intact.",
        [
            Of(ErrorCodes.PolicyThrew, Exits.Refused, "The settlement policy threw.", "Fix or replace the policy, then settle again."),
            Of(ErrorCodes.PolicyTimedOut, Exits.Refused, "The policy took too long.", "Fix or replace the policy, then settle again."),
            Of(ErrorCodes.SettlementSum, Exits.Refused, "The payouts are not exactly the epoch's volume, or one is negative.", "Fix or replace the policy, then settle again."),
            Of(ErrorCodes.SettlementPayee, Exits.Refused, "The policy pays a payee that the ledger doesn't know.", "Fix or replace the policy, then settle again."),
            Of(ErrorCodes.SettlementUnstable, Exits.Refused, "The policy paid differently when run twice.", "Fix or replace the policy, then settle again: a policy is a pure function, whatever the ledger's order."),
            Of(ErrorCodes.PolicyStateTooLarge, Exits.Refused, "The policy's state exceeds 32 KiB.", "Fix or replace the policy, then settle again."),
            Of(ErrorCodes.EpochNotClosed, Exits.Refused, "The epoch is still open, or settled already.", "Settle epochs in order, once each."),
            Of(ErrorCodes.CheckpointUnusable, Exits.Refused, "The checkpoint is damaged, of another pool, or later than the audited epoch.", "As the message says; or audit from the first epoch, without a checkpoint."),
        ]),
        new("Journal", null,
        [
            Of(ErrorCodes.JournalHeld, Exits.Journal, "Another process holds the journal, and this daemon may not stand by.", "Stop the other (the message names it), or stand by: `--standby`, or `standby` in the configuration."),
            Of(ErrorCodes.JournalOfOtherPool, Exits.Journal, "The journal belongs to another pool.", "Point at this pool's journal."),
            Of(ErrorCodes.JournalDamaged, Exits.Journal, "The journal's records don't chain.", "Restore a copy; do not go on without it."),
            Of(ErrorCodes.JournalAppendFailed, Exits.Journal, "An append failed: no room, no rights, or the records don't follow the journal's last one. The process ends rather than go on in doubt.", "Check space and rights, and that nothing else writes there; then start again: nothing acknowledged is lost."),
            Of(ErrorCodes.JournalBehindPublished, Exits.Journal, "The pool has published a head that this journal doesn't hold.", "Use the newest journal; this is an old copy."),
            Of(ErrorCodes.JournalUnreadable, Exits.Journal, "The journal's store can't be reached or read.", "Check its path or address, and its rights."),
            Of(ErrorCodes.LeaseLost, Exits.LeaseLost, "The daemon stood still for longer than its lease and was replaced, or the store didn't answer for three leases. It appended nothing since.", "Restart it (exit code 9); with `standby` it follows the new leader. If it recurs, raise `lease_seconds` or check the store."),
            Of(ErrorCodes.JournalNotDurable, Exits.Journal, "The journal's store may lose what it acknowledged.", "Set the store as the message says, or tell the plugin what may be lost."),
            Of(ErrorCodes.JournalNotAsDecided, Exits.Journal, "A record after the last that the pool has signed is not what a daemon of it would have written: decided again by the rules, or asked again of names, verifier or policy, it comes out otherwise, or there is no answer now. Nothing is led on it.", "Where something could not be asked, start again when it can be. Else find out who can write the store; restore a copy, or, when the record is right, name it in `accept_journal_head`."),
            Of(ErrorCodes.JournalExposed, Exits.Journal, "Others than the user who runs the daemon could open the journal's files, or write in their folder. Where the files are the daemon's own it takes that from them and warns; where they are another user's, it ends.", "Give the files to the daemon's user (`chown`), or name another place."),
            Of(ErrorCodes.ClockJumped, Exits.Journal, "The daemon's machine has a clock that jumped by more than 2 s, or that is behind the journal's last record. It goes on: while the clock is ahead it decides nothing until it is back or has stayed (30 s, a quarter of a claim's lease where that is less); while it is behind the pool's time goes on at half speed.", "Let the machine's clock be set by one service that slews (chrony, systemd-timesyncd). Where the pool's time is ahead, jobs need deadlines beyond that until it has come back."),
        ]),
        new("Transport and backends", null,
        [
            Of(ErrorCodes.TransportUnavailable, Exits.Transport, "The transport can't connect.", "Start what it connects to, or fix its address; then start again."),
            Of(ErrorCodes.PoolNotHeard, Exits.GaveUp, "The pool did not answer in time.", "Check the pool's name, and that both use the same transport and network."),
            Of(ErrorCodes.NotConnected, Exits.Transport, "The client was not connected to its pool in time; it goes on trying in the background.", "See the message for why the last attempt failed; `PoolClient.Connection` and the health check tell the same."),
            Of(ErrorCodes.InferenceUnusable, Exits.Configuration, "The inference backend can't run here, or can't load the model.", "Fix what the message names: driver, native library, model file."),
            Of(ErrorCodes.InferenceFailed, Exits.JobFailed, "A run failed.", "See the message; the miner releases the job."),
        ]),
        new("Model packs", null,
        [
            Of(ErrorCodes.PackPathUnsafe, Exits.Refused, "A path in a model pack is absolute, leads out of its folder, or is one that some systems can't have.", "Take another pack. Authors: rename the file; docs/models.md has the letters."),
            Of(ErrorCodes.PackPathTaken, Exits.Refused, "Two paths of a model pack are the same, differ by case alone, or one is a file and the other's folder.", "Take another pack. Authors: rename one of the two."),
            Of(ErrorCodes.PackTooLarge, Exits.Refused, "A model pack has more files, entries or bytes than one may.", "Take another pack. Authors: put fewer or smaller files there."),
            Of(ErrorCodes.PackFileDiffers, Exits.Refused, "A file of a model pack has another size or SHA-256 than the pack says, is missing, or is not the pack's.", "Here: `swarm-miner models remove`, then `pull` again. Elsewhere: whoever made the pack makes it anew."),
            Of(ErrorCodes.PackChunkList, Exits.Refused, "A chunk list of a model pack is malformed, too long, or doesn't fit its file's size.", "Take another pack; whoever made this one makes it anew."),
            Of(ErrorCodes.PackDiskLimit, Exits.Refused, "The model would take more room than `models_disk_limit` or the disk leaves.", "Remove a model, or give them more room."),
            Of(ErrorCodes.PackInUse, Exits.Refused, "A running miner uses the model.", "Stop the miner, or say `--force`: a miner that has loaded the model goes on with it, and does not start without it."),
            Of(ErrorCodes.PackUnknown, Exits.Refused, "No model of that name or CID is here.", "See `swarm-miner models list`."),
            Of(ErrorCodes.PackFolderUnusable, Exits.Configuration, "A folder can't be made a pack, or the models folder can't be read or written: a link, a device, no files, changed meanwhile.", "Fix what the message names."),
            Of(ErrorCodes.PackPlaceTaken, Exits.Configuration, "Another folder or another program is where the model is to go.", "Move the folder away, or wait until the other program is done."),
        ]),
    ];

    private static readonly FrozenDictionary<string, ErrorInfo> ByCode =
        Areas.SelectMany(static area => area.Errors).ToFrozenDictionary(static error => error.Code, StringComparer.Ordinal);

    /// <summary>What is known of a code, e.g. "SP3106"; null when it is not one of <see cref="ErrorCodes"/>.</summary>
    /// <param name="code">The code.</param>
    public static ErrorInfo? Find(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return ByCode.GetValueOrDefault(code);
    }

    private static ErrorInfo Of(string code, int exit, string meaning, string advice, [CallerArgumentExpression(nameof(code))] string constant = "") =>
        new(code, constant[(constant.LastIndexOf('.') + 1)..], meaning, advice, exit);
}
