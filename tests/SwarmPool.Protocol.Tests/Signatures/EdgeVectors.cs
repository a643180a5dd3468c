namespace SwarmPool.Protocol.Tests.Signatures;

/// <summary>Hashes around the curve's order, where libraries differ in whether they reduce them first: signed by BouncyCastle 2.7.0 with RFC 6979, as the first releases did.</summary>
internal static class EdgeVectors
{
    public static readonly IReadOnlyList<EdgeVector> All =
    [
        new("4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318", "0000000000000000000000000000000000000000000000000000000000000000",
            "b4d8aa580d8befeda7a73aed101e34ff8385da94fd4c2dfbadb11f3ef62edcd36c5263eba18b60349b39a96bfba0ebc57ae5ca0676e3a5c4b37dd6d92080f8cc1b"),
        new("4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318", "0000000000000000000000000000000000000000000000000000000000000001",
            "a28077f39bc8ff274823983f7c9c9a06e4067408910e2733a40864f9e670e3637fa14f8347a71eaddb731a8112c9c9281a2de6d415c375e1b81119441c6cdd431c"),
        new("4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318", "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140",
            "15d2cdd8c4a66273f757e221399822447d61cf9891c13a02ce14793cdaccc1e777da788edd2803c6819c8dba1b4092153d9992b87724469d3c403ca192d710231b"),
        new("4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318", "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
            "b4d8aa580d8befeda7a73aed101e34ff8385da94fd4c2dfbadb11f3ef62edcd36c5263eba18b60349b39a96bfba0ebc57ae5ca0676e3a5c4b37dd6d92080f8cc1b"),
        new("4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318", "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364142",
            "a28077f39bc8ff274823983f7c9c9a06e4067408910e2733a40864f9e670e3637fa14f8347a71eaddb731a8112c9c9281a2de6d415c375e1b81119441c6cdd431c"),
        new("4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "671d9fac32d18910201328fda28de54b3e77f1be8980f788639722ab883cb51e40c1ecd5d7e49055c7c70c996205d1c7f47ab531972274ccc40c5e31e23852521c"),
        new("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140", "0000000000000000000000000000000000000000000000000000000000000000",
            "919026f3e239ea52cf530eb6d345dc2b56ef0928f1e9ad20d8f360284dc6504814395e7137e2204f15b69239010f3c34fbb3c858a29b0d106b1fa65bc00472631b"),
        new("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140", "0000000000000000000000000000000000000000000000000000000000000001",
            "eaa03e6c5cc815dd7cee2e11460df51a04bfd9b3169aa63f735c95dcf623c95d192bf170e5284efefdb0d8ce148759a48ada553bd929d3deda5451decfa5c70e1c"),
        new("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140", "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140",
            "775b77bfac3c9bb88544cf7ba7da61a4e6123c820a7af482b207e82214e5a4de57fcc4e78cba69e8728e72df755bb2d9b70c7546461d7fa17754a63a150d12451b"),
        new("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140", "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
            "919026f3e239ea52cf530eb6d345dc2b56ef0928f1e9ad20d8f360284dc6504814395e7137e2204f15b69239010f3c34fbb3c858a29b0d106b1fa65bc00472631b"),
        new("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140", "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364142",
            "eaa03e6c5cc815dd7cee2e11460df51a04bfd9b3169aa63f735c95dcf623c95d192bf170e5284efefdb0d8ce148759a48ada553bd929d3deda5451decfa5c70e1c"),
        new("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "a7f83b5963eaf5332c633327cc967be8f4166d3f1e0b77f9761d8f4e42211e9a58aae31be1eb1e496923bbe8ca5e843cfb89f4d986d61d4edfd7d6fc3c9cf62c1b"),
    ];
}

internal sealed record EdgeVector(string Key, string Hash, string Signature);
