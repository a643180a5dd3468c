namespace SwarmPool.Protocol.Tests.Merkle;

/// <summary>
/// Roots and proofs as npm @openzeppelin/merkle-tree 1.0.8 computed them, StandardMerkleTree.of(values, types), for value i of n:
/// payouts (address, uint256): first 20 bytes of sha256("address " + i), i * i * 1000003 + 1;
/// proofs (bytes32, bytes32, address, uint256): sha256("job " + i), sha256("proof " + i), first 20 bytes of
/// sha256("address " + (i mod 5)), i == 0 ? 10^15 : i * 1000003. The proof is that of value n / 2.
/// </summary>
internal static class MerkleVectors
{
    public sealed record Vector(int Size, string Root, string[] Proof);

    public static readonly Vector[] Payouts =
    [
        new(1, "0x65db2a8e4ee32dd0d3bfd71a485a6d50429edf4dfb8ee0bea529a1f1158cfa70",
        [
        ]),
        new(2, "0x7750c2b99fb6a01347850e9437915e7a9d31fa6ae9aac3b55e6dcb94baba614b",
        [
            "0x65db2a8e4ee32dd0d3bfd71a485a6d50429edf4dfb8ee0bea529a1f1158cfa70",
        ]),
        new(3, "0xff3f6da5fa14d02a568fc146ede9750472fa1de30e8a1ee5618cd4bff7fb2444",
        [
            "0x55179ddc42c61b0a414eac416059270ec6de233c4c4783d57b5c337d92215863",
        ]),
        new(7, "0x8375479dc72e82220fa0cefe87796f23b28ed8cf1835410145e4ade00808f63b",
        [
            "0x35dd47829c32008b3b08888313513610dd66fa7402712e67f7900ce62c3186a5",
            "0xfcedbefea3b85ebbbeb9399b94db27d3d61455dde871ed7c8b1c8cab986cba7d",
            "0xa49ac0d63d5d662470af4a5314bb25b64bd1dea358adee29cdbfc26197ee4b3a",
        ]),
        new(100, "0xd968ac6d26e481e433c818ad471baff5e589f1e5f4690c6778d9f8b94d5a4b47",
        [
            "0x95f092042e6315efdcbf59e1952e0266466fd09db5b297fb97eb147723ac5982",
            "0x6db1c2e91d60c89f7d2b851ad5f65daf605c2a247f9a7db71ed8bc3d11c16a2d",
            "0xa0f1fbe3f781cfb30ca013abe4e5408636a4f749990b6574ba8e9fda366bc5a5",
            "0x3ba98fd994319a9d1b491f2f577b7ad4e3a059dc25727669fd925ef183fd97c5",
            "0x5b932fcc7cfb483527096a3653b4ef52f11f5b52d41210e467205ed79d8dc278",
            "0xedf2a96a2d3afbe063ed8e05661b278f0acd786c26ad219a0165250b2732fab6",
            "0x4fcbf886d7f0184a7ac223bf80c30a41df1e264509a55aeb14a99e560e5e721c",
        ]),
    ];

    public static readonly Vector[] Proofs =
    [
        new(1, "0x9a6035269bcfb028d6f5a332cb75aa5c98cad11a32acd4a6107628b42f539f7f",
        [
        ]),
        new(2, "0xd354b69fbca225000e28733a7e8fa125b01ab9a02bd12115df40e749fcf98140",
        [
            "0x9a6035269bcfb028d6f5a332cb75aa5c98cad11a32acd4a6107628b42f539f7f",
        ]),
        new(3, "0x8a78f89f79d8f22b33033e478347ef450373620889f5e08c1a0ce3a5630df1dc",
        [
            "0x9a6035269bcfb028d6f5a332cb75aa5c98cad11a32acd4a6107628b42f539f7f",
            "0xdf8129810881aa78a7122c9c23541765b44aadea53a24b2486da8c71031818e5",
        ]),
        new(7, "0xdd88c0b0f6c76a59b938c2eae9398d0ca4b83b327a8ac39a36ea6af23b2c73f8",
        [
            "0x4d31a855e4f7f78a53b183b737ceb235006ba8c7534cad1bffa80b9b29a767b6",
            "0xdf8129810881aa78a7122c9c23541765b44aadea53a24b2486da8c71031818e5",
            "0xc5a5349d7bef6389128b0ddd976dd063314f783bf0c02a6811114d6807bdffcc",
        ]),
        new(100, "0xae7d361b6f1bbae1a3b8750895d86c48fec3822c607ba38fd2accb975ea74d93",
        [
            "0x592629964083684acd8a12b9fd7c4498e06821ff84d461936ad045e4c7a50680",
            "0x581a7777adc05dffc94c03052b57d5f701520069b86f9c9a863ae129a4ac87d3",
            "0x5e701d1e4171d1490dbe8634e500a57d097ec0a91913c15e59875d2c16965f73",
            "0x59d9da49649f5c269cb2de01996463dcf4cfd8a04681ad72d69b47a38b5180e8",
            "0x904f3b84f5aef7a685678bc2e188908f84088e98ee70c18646338db286ddc1cd",
            "0xf06d3e738f52458feb37d34adb569aafc016feb55ce6809b55b033124bd7950a",
            "0xfd4a1729d8702cf9caaf1b300d34be4ca38f1e1f30516765c01fdf768c109427",
        ]),
    ];
}
