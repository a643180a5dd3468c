namespace SwarmPool.Protocol.Errors;

/// <content>Models by their bytes.</content>
public static partial class ErrorCodes
{
    /// <summary>SP3021: The pool doesn't take this model.</summary>
    public const string ModelNotTaken = "SP3021";

    /// <summary>SP3210: The proof names another pack than the one that the pool bound the job's model to, or none.</summary>
    public const string WrongPack = "SP3210";

    /// <summary>SP5201: A path in a model pack is absolute, leads out of its folder, or is one that some systems can't have.</summary>
    public const string PackPathUnsafe = "SP5201";

    /// <summary>SP5202: Two paths of a model pack are the same, differ by case alone, or one is a file and the other's folder.</summary>
    public const string PackPathTaken = "SP5202";

    /// <summary>SP5203: A model pack has more files, entries or bytes than one may.</summary>
    public const string PackTooLarge = "SP5203";

    /// <summary>SP5204: A file of a model pack has another size or SHA-256 than the pack says, is missing, or is not the pack's.</summary>
    public const string PackFileDiffers = "SP5204";

    /// <summary>SP5205: A chunk list of a model pack is malformed, too long, or doesn't fit its file's size.</summary>
    public const string PackChunkList = "SP5205";

    /// <summary>SP5206: The model would take more room than <c>models_disk_limit</c> or the disk leaves.</summary>
    public const string PackDiskLimit = "SP5206";

    /// <summary>SP5207: A running miner uses the model.</summary>
    public const string PackInUse = "SP5207";

    /// <summary>SP5208: No model of that name or CID is here.</summary>
    public const string PackUnknown = "SP5208";

    /// <summary>SP5209: A folder can't be made a pack, or the models folder can't be read or written: a link, a device, no files, changed meanwhile.</summary>
    public const string PackFolderUnusable = "SP5209";

    /// <summary>SP5210: Another folder or another program is where the model is to go.</summary>
    public const string PackPlaceTaken = "SP5210";

    /// <summary>SP5240: The proof names another model (<c>model_sha256</c>) than the pack has that the pool bound the job to.</summary>
    public const string ModelBytesDiffer = "SP5240";

    /// <summary>SP5241: A model does not give what a golden vector of its pack says: the miner doesn't offer it.</summary>
    public const string GoldenVectorFailed = "SP5241";

    /// <summary>SP5242: The content that <c>models</c> binds an alias to is no model pack.</summary>
    public const string BoundPackUnusable = "SP5242";

    /// <summary>SP5243: The manifest of a pack that <c>models</c> binds an alias to can't be had now. The pool runs; until its next start with the manifest it doesn't compare what proofs of that pack name as their model.</summary>
    public const string BoundPackMissing = "SP5243";
}
